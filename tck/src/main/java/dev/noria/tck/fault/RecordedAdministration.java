package dev.noria.tck.fault;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Administration;
import dev.noria.storage.StorageException;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.Entry.Change;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hears what an operator does. */
final class RecordedAdministration implements Administration {
  private final Administration inner;
  private final Scribe scribe;

  RecordedAdministration(Administration inner, Scribe scribe) {
    this.inner = inner;
    this.scribe = scribe;
  }

  private List<ChangeReceipt> change(
      Collection<JobId> ids,
      Change change,
      @Nullable Instant dueAt,
      Instant now,
      Supplier<List<ChangeReceipt>> action) {
    scribe.say(
        ids.stream().map(id -> (Entry) new Entry.ChangeSent(id, change, dueAt, now)).toList());
    List<ChangeReceipt> receipts;
    try {
      receipts = action.get();
    } catch (StorageException e) {
      if (!e.outcomeUnknown()) {
        // Nothing happened: the same as if the jobs were not there.
        answer(ids.stream().map(id -> new ChangeReceipt(id, ChangeStatus.UNKNOWN)), change);
      }
      throw e;
    }
    answer(receipts.stream(), change);
    return receipts;
  }

  private void answer(Stream<ChangeReceipt> receipts, Change change) {
    scribe.say(
        receipts
            .map(one -> (Entry) new Entry.ChangeAnswered(one.id(), change, one.status()))
            .toList());
  }

  @Override
  public List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now) {
    return change(ids, Change.CANCEL, null, now, () -> inner.cancel(ids, now));
  }

  @Override
  public List<ChangeReceipt> delete(Collection<JobId> ids, Instant now) {
    return change(ids, Change.DELETE, null, now, () -> inner.delete(ids, now));
  }

  @Override
  public List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now) {
    return change(ids, Change.RESCHEDULE, dueAt, now, () -> inner.reschedule(ids, dueAt, now));
  }

  @Override
  public List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now) {
    return change(
        ids, Change.REPRIORITISE, null, now, () -> inner.reprioritise(ids, priority, now));
  }

  @Override
  public List<ChangeReceipt> replay(Collection<JobId> ids, Instant now) {
    return change(ids, Change.REPLAY, null, now, () -> inner.replay(ids, now));
  }

  @Override
  public int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now) {
    scribe.say(List.of(new Entry.SweepSent(queue, now)));
    return inner.purge(queue, states, olderThan, limit, now);
  }

  @Override
  public int discardWaiting(String queue, int limit, Instant now) {
    scribe.say(List.of(new Entry.SweepSent(queue, now)));
    return inner.discardWaiting(queue, limit, now);
  }

  @Override
  public int clear(String queue, int limit, Instant now) {
    scribe.say(List.of(new Entry.SweepSent(queue, now)));
    return inner.clear(queue, limit, now);
  }

  @Override
  public void pause(String queue, Instant now) {
    inner.pause(queue, now);
    scribe.say(List.of(new Entry.Paused(queue)));
  }

  @Override
  public void resume(String queue, Instant now) {
    scribe.say(List.of(new Entry.Resuming(queue)));
    inner.resume(queue, now);
  }

  @Override
  public long setPolicy(String queue, QueuePolicy policy, Instant now) {
    return inner.setPolicy(queue, policy, now);
  }

  @Override
  public QueuePolicy policy(String queue) {
    return inner.policy(queue);
  }
}
