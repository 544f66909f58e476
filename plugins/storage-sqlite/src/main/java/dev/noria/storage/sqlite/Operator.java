package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.job.Reasons;
import dev.noria.rows.PolicyForm;
import dev.noria.storage.Administration;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changing what is stored: each job is read, judged and written in the unit of the call. */
final class Operator implements Administration {
  private static final String POLICIES = "policies";

  private final Writer writer;
  private final Reader reader;

  /** Judges and changes one job. */
  private interface Change {
    ChangeStatus apply(Tx tx, JobRow row) throws SQLException;
  }

  Operator(Writer writer, Reader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  private List<ChangeReceipt> each(Collection<JobId> ids, Instant now, Change change) {
    List<JobId> list = List.copyOf(ids);
    return writer.call(
        tx -> {
          List<ChangeReceipt> receipts = new ArrayList<>();
          for (JobId id : list) {
            JobRow row = Jobs.byId(tx.session(), id);
            ChangeStatus status = row == null ? ChangeStatus.UNKNOWN : change.apply(tx, row);
            receipts.add(new ChangeReceipt(id, status));
          }
          Dependents.settleNews(tx, new Report(), now.toEpochMilli());
          return receipts;
        });
  }

  /** As {@link #each}, for changes of waiting jobs. */
  private List<ChangeReceipt> eachWaiting(Collection<JobId> ids, Instant now, Change change) {
    return each(
        ids,
        now,
        (tx, row) -> {
          if (row.state.isFinished()) {
            return ChangeStatus.ALREADY_FINISHED;
          }
          return row.state == JobState.RUNNING ? ChangeStatus.RUNNING : change.apply(tx, row);
        });
  }

  @Override
  public List<ChangeReceipt> cancel(Collection<JobId> ids, Instant now) {
    return each(
        ids,
        now,
        (tx, row) -> {
          if (row.state.isFinished()) {
            return ChangeStatus.ALREADY_FINISHED;
          }
          if (row.state == JobState.RUNNING) {
            tx.sql("job.flag").with(Flags.CANCEL).with(row.seq).run();
            tx.cancelRequested(row.id);
            return ChangeStatus.REQUESTED;
          }
          Ending.cancelled(Reasons.CANCELLED).apply(tx, row, now.toEpochMilli());
          return ChangeStatus.APPLIED;
        });
  }

  @Override
  public List<ChangeReceipt> delete(Collection<JobId> ids, Instant now) {
    return each(
        ids,
        now,
        (tx, row) -> {
          if (row.state == JobState.RUNNING) {
            return ChangeStatus.RUNNING;
          }
          Ending.remove(tx, row, now.toEpochMilli());
          return ChangeStatus.APPLIED;
        });
  }

  @Override
  public List<ChangeReceipt> reschedule(Collection<JobId> ids, Instant dueAt, Instant now) {
    return eachWaiting(
        ids,
        now,
        (tx, row) -> {
          NewJob job = row.job(tx.mirror().queue(row.queue));
          row.job(job.toBuilder().runAt(dueAt).build());
          row.saveBody(tx.session());
          if (row.state == JobState.BLOCKED) {
            row.due = dueAt.toEpochMilli();
            row.save(tx.session());
          } else {
            Waiting.until(tx, row, dueAt.toEpochMilli(), now.toEpochMilli());
          }
          return ChangeStatus.APPLIED;
        });
  }

  @Override
  public List<ChangeReceipt> reprioritise(Collection<JobId> ids, int priority, Instant now) {
    if (priority < -100 || priority > 100) {
      throw new IllegalArgumentException(
          "Priority " + priority + " is out of range. Expected -100 to 100, higher first.");
    }
    return eachWaiting(
        ids,
        now,
        (tx, row) -> {
          row.rank = JobRow.rank(priority, JobRow.lifo(row.rank));
          row.save(tx.session());
          return ChangeStatus.APPLIED;
        });
  }

  @Override
  public List<ChangeReceipt> replay(Collection<JobId> ids, Instant now) {
    long millis = now.toEpochMilli();
    return each(
        ids,
        now,
        (tx, row) -> {
          if (!row.state.isFinished()) {
            return ChangeStatus.NOT_FINISHED;
          }
          if (!Keys.take(tx, row, millis)) {
            return ChangeStatus.KEY_TAKEN;
          }
          again(tx, row, now);
          return ChangeStatus.APPLIED;
        });
  }

  private static void again(Tx tx, JobRow row, Instant now) throws SQLException {
    row.generation++;
    row.attempt = 0;
    row.crashes = 0;
    row.reason = null;
    row.finished = -1;
    row.gone = -1;
    row.set(Flags.CANCEL, false);
    if (row.has(Flags.RESULT)) {
      tx.sql("result.delete").with(row.seq).run();
      row.set(Flags.RESULT, false);
    }
    NewJob job = row.job(tx.mirror().queue(row.queue));
    row.job(job.toBuilder().runAt(now).build());
    row.saveBody(tx.session());
    Waiting.until(tx, row, now.toEpochMilli(), now.toEpochMilli());
    if (row.has(Flags.DEPENDED)) {
      tx.sql("ended.remove").with(row.id.toBytes()).run();
      tx.sql("edge.unhold").with(row.id.toBytes()).run();
    }
  }

  @Override
  public int purge(
      @Nullable String queue, Set<JobState> states, Instant olderThan, int limit, Instant now) {
    List<JobState> finals = new ArrayList<>();
    for (JobState state : EnumSet.allOf(JobState.class)) {
      if (states.contains(state) && state.isFinished()) {
        finals.add(state);
      }
    }
    return writer.call(tx -> Removal.purge(tx, queue, finals, olderThan, limit, now));
  }

  @Override
  public int discardWaiting(String queue, int limit, Instant now) {
    return writer.call(tx -> Removal.discard(tx, queue, limit, now));
  }

  @Override
  public int clear(String queue, int limit, Instant now) {
    return writer.call(tx -> Removal.clear(tx, queue, limit, now));
  }

  @Override
  public void pause(String queue, Instant now) {
    pause(queue, true);
  }

  @Override
  public void resume(String queue, Instant now) {
    pause(queue, false);
  }

  private void pause(String name, boolean paused) {
    writer.call(
        tx -> {
          QueueRow queue = tx.mirror().queue(name);
          tx.sql("queue.pause").with(paused ? 1 : 0).with(queue.id).run();
          queue.paused = paused;
          if (!paused) {
            tx.news().ready(name);
          }
          return queue.id;
        });
  }

  @Override
  public long setPolicy(String name, QueuePolicy policy, Instant now) {
    return writer.call(
        tx -> {
          QueueRow queue = tx.mirror().queue(name);
          boolean none = policy.equals(QueuePolicy.UNLIMITED);
          tx.sql("queue.policy").with(none ? null : PolicyForm.write(policy)).with(queue.id).run();
          queue.policy = policy;
          tx.mirror().forgetGroups();
          tx.sql("grp.reopen").with(queue.id).run();
          tx.news().ready(name);
          long version = tx.mirror().meta(POLICIES) + 1;
          tx.mirror().meta(POLICIES, version);
          return version;
        });
  }

  @Override
  public QueuePolicy policy(String name) {
    return reader.read(
        session ->
            session
                .sql("queue.by_name")
                .with(name)
                .first(QueueRow::read)
                .map(queue -> queue.policy)
                .orElse(QueuePolicy.UNLIMITED));
  }
}
