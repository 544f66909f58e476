package dev.noria.tck.model;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Events.Event;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the contract decides, one question each. The answers here are the right ones; a planted bug
 * overrides one of them.
 */
class Decisions {

  // S0

  /** S0.4: whether a repeated call gets the stored reply instead of being done again. */
  boolean answersAgain() {
    return true;
  }

  /** S0.6: what is stored of a job. */
  NewJob stored(NewJob job) {
    return job;
  }

  /** S0.9: the namespace whose keys a namespace uses. */
  String keyNamespace(String namespace) {
    return namespace;
  }

  /** S0.10: whether a newer format is refused. */
  boolean refusesNewer() {
    return true;
  }

  // S1

  /** S1.3: whether a job whose id exists is left alone. */
  boolean keepsExisting() {
    return true;
  }

  /** S1.4: whether a key is free again when its holder starts. */
  boolean freesOnStart(Until until) {
    return until == Until.STARTED;
  }

  /** S1.4: whether a key is free again when its holder is finished. */
  boolean freesOnFinish(Until until) {
    return until == Until.FINISHED || until == Until.STARTED;
  }

  /** S1.4: whether a key is free again when its holder is gone. */
  boolean freesWhenGone(Until until) {
    return until != Until.WINDOW;
  }

  /** S1.4: whether a holder that waits again takes a free entry back. */
  boolean takesBack() {
    return true;
  }

  /** S1.6: whether a BLOCKED job may go, with {@code open} of its dependencies not done. */
  boolean isReleased(int open, int all) {
    return open == 0;
  }

  /** S1.6: whether an ended dependency is done for a dependent of this policy. */
  boolean isDone(@Nullable JobState ended, OnFailure policy) {
    return ended == JobState.COMPLETED || policy == OnFailure.IGNORE;
  }

  /** S1.6: whether an ended dependency cancels a dependent of this policy. */
  boolean isCancelledBy(@Nullable JobState ended, OnFailure policy) {
    return ended != JobState.COMPLETED && policy == OnFailure.CANCEL;
  }

  /** S1.6: whether retention and purge spare a job that has blocked dependents. */
  boolean spares(boolean dependedOn) {
    return dependedOn;
  }

  /** S1.8: whether a job is kept when it has finished. */
  boolean isKept(Instant keepUntil, Instant now) {
    return keepUntil.isAfter(now);
  }

  // S2

  /** S2.1: whether a scheduled job is due. */
  boolean isDue(Instant dueAt, Instant now) {
    return !dueAt.isAfter(now);
  }

  /** S2.1: whether a pause keeps the jobs of its queue back. */
  boolean obeysPause() {
    return true;
  }

  /** S2.2: the state of a job that has just been leased. */
  JobState leased() {
    return JobState.RUNNING;
  }

  /** S2.3: the order inside a line. */
  Comparator<Entry> line() {
    return Comparator.comparingInt((Entry entry) -> -entry.job.priority())
        .thenComparing(entry -> !entry.job.lifo())
        .thenComparing(Decisions::compareOrder);
  }

  private static int compareOrder(Entry a, Entry b) {
    if (a.job.lifo()) {
      return Long.compare(b.place, a.place);
    }
    int byInstant = a.dueAt.compareTo(b.dueAt);
    return byInstant != 0 ? byInstant : Long.compare(a.place, b.place);
  }

  /** S2.3: the order in which due jobs are promoted. */
  Comparator<Entry> promotion() {
    return Comparator.comparing((Entry entry) -> entry.dueAt)
        .thenComparingLong(entry -> entry.arrival);
  }

  /** S2.3: whether a LIFO job that waits again keeps its place. */
  boolean keepsPlace(Entry entry) {
    return entry.job.lifo() && entry.place != 0;
  }

  /** S2.4: most jobs of a demand, when {@code taken} have been taken for the whole request. */
  int share(int limit, int total, int taken) {
    return Math.min(limit, total - taken);
  }

  /** S2.4: whether a job still fits that makes {@code bytes} of all payloads. */
  boolean fits(long bytes, long most, int returned) {
    return returned == 0 || bytes <= most;
  }

  /** S2.5: whether a leased job counts against limits, as this caller sees it. */
  boolean counts(Entry running, DequeueRequest request) {
    return true;
  }

  /** S2.5: how many jobs of a group go before the next group has its turn. */
  int turn(int weight) {
    return weight;
  }

  /** S2.5: whether a group that may not start any more lets others pass. */
  boolean passesOver() {
    return true;
  }

  /** S2.5: whether a token is there to start one more job. */
  boolean hasToken(Bucket bucket, Instant now) {
    return bucket.has(now);
  }

  /** S2.6: whether a job is ended by its deadline. */
  boolean isExpired(Entry entry, Instant now) {
    return entry.isPastDeadline(now);
  }

  /** S2.6: whether a job can not be handed out because it can not be read. */
  boolean isCorrupt(Entry entry) {
    return entry.corrupt;
  }

  /** S2.7: whether the caller counts as sleeping. */
  boolean sleeps(DequeueRequest request, int returned) {
    return request.park() && returned < request.total();
  }

  // S3 and S4

  /** S3.2: whether a lease is current. */
  boolean isCurrent(Entry entry, Lease lease) {
    return entry.state == JobState.RUNNING
        && entry.epoch == lease.epoch()
        && entry.nonce == lease.nonce();
  }

  /** S3.2: whether an applied ack is stored. */
  boolean stores(Ack ack) {
    return true;
  }

  /** S3.1: whether the follow-up jobs of an ack are stored. */
  boolean storesFollowUps(boolean applied) {
    return applied;
  }

  /** S3.5: what is kept of a history. */
  List<FailedAttempt> kept(List<FailedAttempt> history) {
    if (history.size() <= FailedAttempt.KEPT) {
      return history;
    }
    List<FailedAttempt> kept = new ArrayList<>();
    kept.add(history.get(0));
    kept.addAll(history.subList(history.size() - FailedAttempt.KEPT + 1, history.size()));
    return kept;
  }

  /** S3.6: the attempt count after a release. */
  int released(int attempt) {
    return attempt - 1;
  }

  /** S3.7: whether a requested cancel ends a job that would wait again. */
  boolean cancels(Entry entry) {
    return entry.cancelRequested;
  }

  /** S3.8: the crash count after an ack. */
  int crashesAfter(Ack ack, int crashes) {
    return ack.kind() == Ack.Kind.RELEASED ? crashes : 0;
  }

  /** S4: what the receipt of a lease that is not current says. */
  boolean admitsLoss() {
    return true;
  }

  /** S4: whether an extension marks the lease as started. */
  boolean marksStarted(LeaseUse use) {
    return use.started();
  }

  /** S4: whether an extension tells of a requested cancel. */
  boolean tellsCancel() {
    return true;
  }

  /** S4: the expiry after an extension. */
  Instant extended(Instant before, Instant asked) {
    return asked.isAfter(before) ? asked : before;
  }

  // S5

  /** S5.1: whether maintenance takes a job's lease back. */
  boolean isReclaimable(Entry entry, Instant now) {
    return entry.state == JobState.RUNNING && !entry.leaseExpiresAt.isAfter(now);
  }

  /** S5.1: whether an expired lease adds a crash. */
  boolean isCrash(Entry entry) {
    return !entry.abandoned && (entry.crashes == 0 || entry.started);
  }

  /** S5.1: the attempt count of a job whose lease expired. */
  int reclaimed(Entry entry) {
    return entry.started ? entry.attempt : entry.attempt - 1;
  }

  /** S5.1: whether a lease that expired during the last attempt ends the job. */
  boolean endsLastAttempt(Entry entry) {
    return entry.started;
  }

  /** S5.1: how many crashes make a job poison. */
  int maxCrashes() {
    return JobStorage.MAX_CRASHES;
  }

  /** S5.2: whether a job that is not due for anybody is ended by its deadline. */
  boolean endsIdle(Entry entry) {
    return true;
  }

  // Capabilities

  /** C1.2: what is counted, of what a recount found. */
  Map<JobState, Long> counted(String queue, Map<JobState, Long> recount) {
    return recount;
  }

  /** C1.2: a waiting job was cancelled. */
  void cancelled(String queue) {}

  /** C2.2: whether a running job is spared by delete and clear. */
  boolean sparesRunning() {
    return true;
  }

  /** C2.5: whether a replay drops the result. */
  boolean dropsResult() {
    return true;
  }

  /** C2.5: whether a replay answers KEY_TAKEN. */
  boolean replayNeedsKey() {
    return true;
  }

  /** C3: whether the versions of a deleted register are remembered. */
  boolean remembersVersions() {
    return true;
  }

  /** C3.5: whether an advance enqueues its jobs. */
  boolean enqueues(boolean advanced) {
    return advanced;
  }

  /** C4: whether a note is kept only with a current lease. */
  boolean guardsNotes() {
    return true;
  }

  /** C5.2: whether the end of a job is signalled. */
  boolean signalsFinish(boolean wanted) {
    return wanted;
  }

  /** C6.2: a page of events, as it is returned. */
  List<Event> page(List<Event> events) {
    return events;
  }

  /** C9.2: the state in which an exported job is restored. */
  JobState restored(JobState state) {
    return state == JobState.RUNNING ? JobState.READY : state;
  }
}
