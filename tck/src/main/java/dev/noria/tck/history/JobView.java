package dev.noria.tck.history;

import dev.noria.job.JobId;
import dev.noria.job.StoredJob;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.tck.history.Entry.Change;
import dev.noria.tck.history.Entry.ChangeSent;
import dev.noria.tck.history.Entry.Ended;
import dev.noria.tck.history.Entry.LeaseRef;
import dev.noria.tck.history.Entry.Moved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that a history says of one job. */
final class JobView {
  final JobId id;
  final Map<Call, Sending> sendings = new LinkedHashMap<>();
  final Map<LeaseRef, Run> runs = new LinkedHashMap<>();
  final List<Changed> changes = new ArrayList<>();
  final List<Told<Ended>> ended = new ArrayList<>();
  final List<Told<Entry>> reports = new ArrayList<>();
  final List<Told<Moved>> moves = new ArrayList<>();

  /** Whether some debounce changed its payload and due instant. */
  boolean replaced;

  @Nullable StoredJob stored;
  private @Nullable List<Run> taken;

  JobView(JobId id) {
    this.id = id;
  }

  /** What the storage told by itself, with the call that told it; null where none is known. */
  record Told<T extends Entry>(T what, int at, @Nullable Call call) {
    /** No later than when it happened. */
    int notBefore() {
      return call == null ? at : call.sentAt;
    }
  }

  /** An operator's change and what is known of its fate. */
  static final class Changed {
    final ChangeSent what;
    final int sentAt;
    @Nullable ChangeStatus status;

    Changed(ChangeSent what, int sentAt) {
      this.what = what;
      this.sentAt = sentAt;
    }

    /** Whether it did something, or nobody knows. */
    boolean mayBeApplied() {
      return status == null || status == ChangeStatus.APPLIED || status == ChangeStatus.REQUESTED;
    }
  }

  /**
   * The leases that were seen handed out, in their order: that of the epochs, unless the places
   * show that those went back.
   */
  List<Run> taken() {
    if (taken == null) {
      List<Run> byEpoch =
          runs.values().stream()
              .filter(run -> run.what != null)
              .sorted(
                  Comparator.comparingLong((Run run) -> run.lease.epoch())
                      .thenComparingInt(run -> run.takenAt))
              .toList();
      taken =
          goesBack(byEpoch)
              ? byEpoch.stream().sorted(Comparator.comparingInt(run -> run.takenAt)).toList()
              : byEpoch;
    }
    return taken;
  }

  private static boolean goesBack(List<Run> byEpoch) {
    for (int i = 1; i < byEpoch.size(); i++) {
      if (byEpoch.get(i).answeredAt() < byEpoch.get(i - 1).sentAt()) {
        return true;
      }
    }
    return false;
  }

  /** The first sending that the storage acknowledged. */
  Optional<Sending> acknowledged() {
    return sendings.values().stream().filter(Sending::isAcknowledged).findFirst();
  }

  /** The sending that most likely stored the job. */
  Optional<Sending> origin() {
    return sendings.values().stream()
        .filter(Sending::isEnqueued)
        .findFirst()
        .or(() -> sendings.values().stream().filter(Sending::isAcknowledged).findFirst())
        .or(() -> sendings.values().stream().filter(Sending::isUnknown).findFirst())
        .or(() -> sendings.values().stream().findFirst());
  }

  /** Whether something other than an enqueue showed that it exists. */
  boolean isSeen() {
    return stored != null
        || !taken().isEmpty()
        || !ended.isEmpty()
        || !reports.isEmpty()
        || !moves.isEmpty();
  }

  /** Whether a change of that kind was applied, or may have been. */
  boolean mayHave(Change change) {
    return changes.stream().anyMatch(one -> one.what.change() == change && one.mayBeApplied());
  }

  /** How many replays happened or may have. */
  long replays() {
    return changes.stream()
        .filter(one -> one.what.change() == Change.REPLAY && one.mayBeApplied())
        .count();
  }

  /** How many calls stored it; more than one is right only if it had vanished in between. */
  long lives() {
    return Math.max(1, sendings.values().stream().filter(Sending::isEnqueued).count());
  }
}
