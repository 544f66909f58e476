package dev.noria.storage.postgres;

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
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changing what is stored: each job is read, judged and written in the unit of the call. */
final class Operator implements Administration {
  private static final String POLICIES = "policies";

  private final Server server;
  private final Units units;

  /** Judges and changes one job. */
  private interface Change {
    ChangeStatus apply(Tx tx, JobRow row) throws SQLException;
  }

  Operator(Server server, Units units) {
    this.server = server;
    this.units = units;
  }

  private List<ChangeReceipt> each(Collection<JobId> ids, Instant now, Change change) {
    List<JobId> list = List.copyOf(ids);
    return units.run(
        now.toEpochMilli(),
        tx -> {
          Map<JobId, JobRow> rows = Jobs.lock(tx, list);
          List<ChangeReceipt> receipts = new ArrayList<>();
          for (JobId id : list) {
            JobRow row = rows.get(id);
            ChangeStatus status =
                row == null || row.isDeleted() ? ChangeStatus.UNKNOWN : change.apply(tx, row);
            receipts.add(new ChangeReceipt(id, status));
          }
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
            row.flag(tx, Flags.CANCEL);
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
          NewJob job = row.job(tx.names().name(tx.session(), row.queue));
          row.job(job.toBuilder().runAt(dueAt).build());
          if (row.state == JobState.BLOCKED) {
            row.due = dueAt.toEpochMilli();
            row.save(tx);
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
          row.save(tx);
          if (row.state == JobState.READY) {
            Waiting.announce(tx, row);
          }
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
          if (!Keys.takeAgain(tx, row, millis)) {
            return ChangeStatus.KEY_TAKEN;
          }
          again(tx, row, now);
          return ChangeStatus.APPLIED;
        });
  }

  private static void again(Tx tx, JobRow row, Instant now) throws SQLException {
    row.reopen(tx);
    row.generation++;
    row.attempt = 0;
    row.crashes = 0;
    row.reason = null;
    row.finished = -1;
    row.gone = -1;
    row.set(Flags.CANCEL, false);
    if (row.has(Flags.RESULT)) {
      tx.sql("result.delete").with(row.id).run();
      row.set(Flags.RESULT, false);
    }
    NewJob job = row.job(tx.names().name(tx.session(), row.queue));
    row.job(job.toBuilder().runAt(now).build());
    Waiting.until(tx, row, now.toEpochMilli(), now.toEpochMilli());
    if (row.has(Flags.DEPENDED)) {
      tx.sql("ended.remove").with(row.id).run();
      tx.sql("edge.unhold").with(row.id).run();
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
    return units.run(
        now.toEpochMilli(), tx -> Removal.purge(tx, queue, finals, olderThan, limit, now));
  }

  @Override
  public int discardWaiting(String queue, int limit, Instant now) {
    return units.run(now.toEpochMilli(), tx -> Removal.discard(tx, queue, limit, now));
  }

  @Override
  public int clear(String queue, int limit, Instant now) {
    return units.run(now.toEpochMilli(), tx -> Removal.clear(tx, queue, limit, now));
  }

  @Override
  public void pause(String queue, Instant now) {
    pause(queue, true, now);
  }

  @Override
  public void resume(String queue, Instant now) {
    pause(queue, false, now);
  }

  private void pause(String name, boolean paused, Instant now) {
    int queue = server.names().id(name);
    units.run(
        now.toEpochMilli(),
        tx -> {
          tx.sql("queue.pause").with(paused).with(queue).run();
          if (!paused) {
            tx.news().ready(queue);
          }
          return queue;
        });
  }

  @Override
  public long setPolicy(String name, QueuePolicy policy, Instant now) {
    int queue = server.names().id(name);
    return units.run(
        now.toEpochMilli(),
        tx -> {
          QueueRow.lock(tx.session(), queue);
          boolean none = policy.equals(QueuePolicy.UNLIMITED);
          tx.sql("queue.policy").with(none ? null : PolicyForm.write(policy)).with(queue).run();
          tx.sql("grp.reopen").with(queue).run();
          tx.news().ready(queue);
          return tx.sql("meta.add").with(1).with(POLICIES).number(0);
        });
  }

  @Override
  public QueuePolicy policy(String name) {
    return server.apart(
        session -> {
          Integer queue = session.names().ifThere(session, name);
          return queue == null ? QueuePolicy.UNLIMITED : QueueRow.look(session, queue).policy;
        });
  }
}
