package dev.noria.kernel;

import dev.noria.job.Outcome;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.StorageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange with all that is needed to repeat it. For one thread: one that takes over makes its
 * own with {@link #again}.
 */
final class Round {
  final CallId call;
  final List<Done> done;
  final DequeueRequest request;

  /** When the leases of the answer count from, at the earliest. */
  long startNanos;

  /** Whether a try may have happened all the same. */
  boolean unknown;

  /** How many tries failed in a way that looks like a bug. */
  int bugs;

  boolean withheld;

  /** Who is at it; null between two tries. */
  @Nullable Tenure tenure;

  /** When the last try began. */
  private long tryNanos;

  /** The jobs that the dequeue chain let through. */
  List<LeasedJob> wanted = List.of();

  /** The acks as they left the ack chain in the last try; null when none did. */
  @Nullable List<Ack> sent;

  @Nullable Exchange answer;
  @Nullable StorageException failure;

  Round(CallId call, List<Done> done, DequeueRequest request) {
    this.call = call;
    this.done = done;
    this.request = request;
  }

  /** A try begins. */
  void begin(Tenure at, long nanos) {
    tenure = at;
    tryNanos = nanos;
    answer = null;
    failure = null;
    sent = null;
  }

  /** The same call for another thread: this one's try has not ended, and nobody knows how far. */
  Round again() {
    Round round = new Round(call, done, request);
    round.startNanos = unknown ? startNanos : tryNanos;
    round.unknown = true;
    round.bugs = bugs;
    return round;
  }

  /** How many attempts ended; what only went back says nothing about the speed of the handlers. */
  int attempts() {
    return (int) done.stream().filter(one -> one.outcome() != Outcome.Kind.RELEASED).count();
  }

  /** What was sent for an ack: as the ack chain left it, if it came that far. */
  Ack sent(int index) {
    List<Ack> changed = sent;
    return changed == null ? done.get(index).ack() : changed.get(index);
  }

  Exchange answer() {
    Exchange known = answer;
    if (known == null) {
      throw new IllegalStateException("The exchange has no answer.");
    }
    return known;
  }
}
