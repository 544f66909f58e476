package dev.noria.tck.model;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an operator changes in jobs (C2). */
final class Changes {
  private final Realm realm;
  private final Decisions decisions;
  private final Ends ends;

  Changes(Realm realm, Ends ends) {
    this.realm = realm;
    this.decisions = realm.decisions;
    this.ends = ends;
  }

  List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now) {
    return each(ids, entry -> cancel(entry, now));
  }

  private ChangeStatus cancel(Entry entry, Instant now) {
    if (entry.state.isFinished()) {
      return ChangeStatus.ALREADY_FINISHED;
    }
    if (entry.state == JobState.RUNNING) {
      entry.cancelRequested = true;
      realm.hints.cancelRequested(entry.id());
      return ChangeStatus.REQUESTED;
    }
    decisions.cancelled(entry.job.queue());
    ends.end(entry, JobState.CANCELLED, Reasons.CANCELLED, new Report(), now);
    return ChangeStatus.APPLIED;
  }

  List<ChangeReceipt> delete(Collection<JobId> ids, Instant now) {
    return each(
        ids,
        entry -> {
          if (isRunning(entry)) {
            return ChangeStatus.RUNNING;
          }
          ends.delete(entry, now);
          return ChangeStatus.APPLIED;
        });
  }

  private boolean isRunning(Entry entry) {
    return entry.state == JobState.RUNNING && decisions.sparesRunning();
  }

  List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now) {
    return eachWaiting(
        ids,
        entry -> {
          realm.change(entry, now, job -> reschedule(job, dueAt, now));
          return ChangeStatus.APPLIED;
        });
  }

  private void reschedule(Entry entry, Instant dueAt, Instant now) {
    entry.job = entry.job.toBuilder().runAt(dueAt).build();
    if (entry.state == JobState.BLOCKED) {
      entry.dueAt = dueAt;
    } else {
      realm.await(entry, dueAt, now);
    }
  }

  List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now) {
    return eachWaiting(
        ids,
        entry -> {
          realm.change(entry, now, job -> job.job = job.job.toBuilder().priority(priority).build());
          return ChangeStatus.APPLIED;
        });
  }

  List<ChangeReceipt> replay(Collection<JobId> ids, Instant now) {
    return each(ids, entry -> replay(entry, now));
  }

  private ChangeStatus replay(Entry entry, Instant now) {
    if (!entry.state.isFinished()) {
      return ChangeStatus.NOT_FINISHED;
    }
    JobId holder = realm.keys.holder(entry.job.queue(), entry.job.key(), now);
    boolean taken = holder != null && !holder.equals(entry.id());
    if (taken && decisions.replayNeedsKey()) {
      return ChangeStatus.KEY_TAKEN;
    }
    realm.change(entry, now, job -> renew(job, now));
    realm.keys.take(entry, now);
    return ChangeStatus.APPLIED;
  }

  private void renew(Entry entry, Instant now) {
    entry.job = entry.job.toBuilder().runAt(now).build();
    entry.generation++;
    entry.attempt = 0;
    entry.crashes = 0;
    entry.cancelRequested = false;
    entry.reason = null;
    entry.finishedAt = null;
    entry.keepUntil = null;
    entry.place = 0;
    entry.waitsFor.clear();
    if (decisions.dropsResult()) {
      entry.result = null;
    }
    realm.await(entry, now, now);
  }

  int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now) {
    return removeAll(
        entry ->
            (queue == null || entry.job.queue().equals(queue))
                && entry.state.isFinished()
                && states.contains(entry.state)
                && finishedAt(entry).isBefore(olderThan)
                && !realm.isSpared(entry),
        limit,
        now);
  }

  int discardWaiting(String queue, int limit, Instant now) {
    return removeAll(
        entry ->
            entry.job.queue().equals(queue)
                && (entry.state == JobState.READY || entry.state == JobState.SCHEDULED),
        limit,
        now);
  }

  int clear(String queue, int limit, Instant now) {
    return removeAll(entry -> entry.job.queue().equals(queue) && !isRunning(entry), limit, now);
  }

  /** Those that ended first go first. */
  private int removeAll(Predicate<Entry> which, int limit, Instant now) {
    Stream<Entry> all = realm.jobs.values().stream().filter(which);
    List<Entry> found = all.sorted(Comparator.comparing(Changes::finishedAt)).limit(limit).toList();
    found.forEach(entry -> ends.delete(entry, now));
    return found.size();
  }

  private static Instant finishedAt(Entry entry) {
    return Objects.requireNonNullElse(entry.finishedAt, Instant.MAX);
  }

  private List<ChangeReceipt> eachWaiting(
      Collection<JobId> ids, Function<Entry, ChangeStatus> change) {
    return each(
        ids,
        entry -> {
          if (entry.state.isFinished()) {
            return ChangeStatus.ALREADY_FINISHED;
          }
          return entry.state == JobState.RUNNING ? ChangeStatus.RUNNING : change.apply(entry);
        });
  }

  private List<ChangeReceipt> each(Collection<JobId> ids, Function<Entry, ChangeStatus> change) {
    return ids.stream()
        .map(
            id -> {
              Entry entry = realm.job(id);
              ChangeStatus status = entry == null ? ChangeStatus.UNKNOWN : change.apply(entry);
              return new ChangeReceipt(id, status);
            })
        .toList();
  }
}
