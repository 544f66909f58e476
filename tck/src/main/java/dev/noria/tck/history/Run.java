package dev.noria.tck.history;

import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.ExtendReceipt;
import dev.noria.tck.history.Entry.AckSent;
import dev.noria.tck.history.Entry.Dequeued;
import dev.noria.tck.history.Entry.ExtendSent;
import dev.noria.tck.history.Entry.LeaseRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One lease: how it was handed out, what its holder did with it. */
final class Run {
  final LeaseRef lease;

  /** Null when only its acks or extensions were said. */
  @Nullable Dequeued what;

  final List<Call> calls = new ArrayList<>();
  String process = "";

  /** Its own place, which is its place in the reply, too. */
  int takenAt = Index.NEVER;

  int startedAt = Index.NEVER;
  int endedAt = Index.NEVER;
  final Map<Call, Acked> acks = new LinkedHashMap<>();
  final List<ExtendSent> extensions = new ArrayList<>();
  final List<Extended> extended = new ArrayList<>();

  Run(LeaseRef lease) {
    this.lease = lease;
  }

  /** An ack with what is known of its fate. */
  static final class Acked {
    final AckSent what;
    final Call call;
    final int sentAt;
    int answeredAt = Index.NEVER;
    AckReceipt.@Nullable Status status;

    Acked(AckSent what, Call call, int sentAt) {
      this.what = what;
      this.call = call;
      this.sentAt = sentAt;
    }

    boolean isApplied() {
      return status == AckReceipt.Status.APPLIED;
    }

    /** Whether it was applied, or nobody knows. */
    boolean mayBeApplied() {
      return isApplied() || (status == null && (call.isAnswered() || call.isUnknown()));
    }

    boolean isTerminal() {
      return what.kind() != Ack.Kind.RETRY && what.kind() != Ack.Kind.RELEASED;
    }
  }

  /** A confirmed extension; {@code sentAt} is the place of the latest one sent before. */
  record Extended(int sentAt, int answeredAt, ExtendReceipt.Status status, Instant until) {}

  int sentAt() {
    return calls.get(0).sentAt;
  }

  int answeredAt() {
    return calls.get(0).answeredAt;
  }

  /** What was handed out; only for runs that {@link JobView#taken()} lists. */
  Dequeued taken() {
    if (what == null) {
      throw new IllegalStateException("Lease " + lease + " was not seen handed out.");
    }
    return what;
  }

  /** Until when its holder was told that it holds. */
  Instant confirmedUntil() {
    Instant until = taken().expiresAt();
    for (Extended one : extended) {
      if (one.status != ExtendReceipt.Status.LOST && one.until.isAfter(until)) {
        until = one.until;
      }
    }
    return until;
  }

  /** The ack that ended the lease, as far as it is known. */
  Optional<Acked> applied() {
    return acks.values().stream().filter(Acked::isApplied).findFirst();
  }

  /** The ack that ended the job, as far as it is known. */
  Optional<Acked> appliedTerminal() {
    return acks.values().stream().filter(ack -> ack.isApplied() && ack.isTerminal()).findFirst();
  }

  /** Whether its handler ran, or may have been about to. */
  boolean isStarted() {
    return startedAt != Index.NEVER || extensions.stream().anyMatch(ExtendSent::started);
  }
}
