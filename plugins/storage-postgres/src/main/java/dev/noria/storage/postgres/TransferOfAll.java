package dev.noria.storage.postgres;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Transfer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes jobs with everything that belongs to them. */
final class TransferOfAll implements Transfer {
  private final Server server;
  private final Units units;

  TransferOfAll(Server server, Units units) {
    this.server = server;
    this.units = units;
  }

  @Override
  public Page<StoredJob> export(@Nullable String cursor, int limit) {
    Listing.checkLimit(limit);
    Optional<JobId> start = Cursors.behind(cursor);
    if (start.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    JobId after = start.get();
    return server.apart(
        session -> {
          List<JobRow> rows =
              session
                  .sql("job.export")
                  .with(after)
                  .with(limit)
                  .with(after)
                  .with(limit)
                  .with(limit)
                  .all(JobRow::read);
          List<StoredJob> jobs = new ArrayList<>();
          for (JobRow row : rows) {
            jobs.add(Views.stored(session, row, EnumSet.allOf(Part.class)));
          }
          boolean last = rows.size() < limit;
          return new Page<>(jobs, last ? null : rows.get(limit - 1).id.toString());
        });
  }

  @Override
  public List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now) {
    for (StoredJob stored : jobs) {
      int queue = server.names().id(stored.queue());
      if (stored.job().group() != null) {
        server.names().group(queue);
      }
    }
    List<StoredJob> byDue = new ArrayList<>(jobs);
    byDue.sort(Comparator.comparing(stored -> stored.status().dueAt()));
    return units.run(
        now.toEpochMilli(),
        tx -> {
          List<Long> places = tx.sql("job.places").with(jobs.size()).all(row -> row.getLong(1));
          Map<JobId, Long> placeOf = new HashMap<>();
          for (int i = 0; i < byDue.size(); i++) {
            placeOf.putIfAbsent(byDue.get(i).id(), places.get(i));
          }
          List<EnqueueReceipt> receipts = new ArrayList<>();
          for (StoredJob stored : jobs) {
            long place = placeOf.getOrDefault(stored.id(), 0L);
            receipts.add(restore(tx, stored, place, now.toEpochMilli()));
          }
          return receipts;
        });
  }

  private static EnqueueReceipt restore(Tx tx, StoredJob stored, long place, long now)
      throws SQLException {
    NewJob job = stored.job();
    JobRow existing = Jobs.look(tx.session(), List.of(job.id())).get(job.id());
    if (existing != null || !insert(tx, stored, place, now)) {
      // The id may have come from somebody else since the look.
      JobRow same = existing != null ? existing : Jobs.lock(tx, job.id());
      return EnqueueReceipt.duplicate(job.id(), same == null ? JobState.READY : same.state);
    }
    return EnqueueReceipt.enqueued(job.id());
  }

  /** Stores a job that is not there; false if it is. */
  private static boolean insert(Tx tx, StoredJob stored, long place, long now) throws SQLException {
    NewJob job = stored.job();
    int queue = tx.names().id(tx.session(), job.queue());
    boolean ran = stored.state() == JobState.RUNNING;
    JobState state = ran ? JobState.READY : stored.state();
    long due = stored.status().dueAt().toEpochMilli();
    long enqueued = stored.status().enqueuedAt().toEpochMilli();
    // A finished one comes as an unfinished row first, and is moved like any other.
    JobState first = state.isFinished() ? JobState.BLOCKED : state;
    Enqueue.Spot spot = new Enqueue.Spot(queue, first, due);
    if (!Newcomer.insertRow(tx, job, spot, job.lifo() ? -place : place, enqueued)) {
      return false;
    }
    JobRow row = Jobs.lock(tx, job.id());
    if (row == null) {
      throw new SQLException("A row vanished within its transaction");
    }
    row.state = state;
    fill(row, stored, ran);
    restoreRest(tx, row, stored);
    if (state.isFinished()) {
      row.finish(tx);
      tx.sql("done.generation").with(row.generation).with(row.id).run();
    } else {
      row.save(tx);
    }
    Moves.moved(tx, row, null, state, now);
    restoreKey(tx, row, job, now);
    if (state == JobState.BLOCKED) {
      for (JobId on : job.dependencies().on()) {
        tx.sql("edge.add").with(on).with(row.id).with(Dependents.OPEN).run();
        markDepended(tx, on);
      }
    }
    return true;
  }

  private static void markDepended(Tx tx, JobId id) throws SQLException {
    JobRow row = Jobs.lock(tx, id);
    if (row != null) {
      row.flag(tx, Flags.DEPENDED);
    }
  }

  private static void fill(JobRow row, StoredJob stored, boolean ran) {
    row.attempt = stored.status().attempt() - (ran ? 1 : 0);
    row.crashes = stored.status().crashes();
    row.generation = stored.status().generation();
    row.epoch = (int) stored.status().epoch();
    row.reason = stored.status().reason();
    Instant finishedAt = stored.status().finishedAt();
    if (finishedAt != null) {
      row.finished = finishedAt.toEpochMilli();
      row.gone = row.finished + stored.job().retention().of(stored.state()).toMillis();
    }
  }

  private static void restoreRest(Tx tx, JobRow row, StoredJob stored) throws SQLException {
    if (stored.result() != null) {
      tx.sql("result.put").with(row.id).with(stored.result().toArray()).run();
      row.set(Flags.RESULT, true);
    }
    for (FailedAttempt failed : stored.history()) {
      Failures.add(tx, row, failed);
    }
    if (!stored.notes().equals(JobNotes.NONE)) {
      NoteTable.restore(tx, row.id, stored.notes());
      row.set(Flags.NOTES, true);
    }
    // Those that wait for it may have come before it.
    row.set(Flags.DEPENDED, tx.sql("edge.any").with(row.id).isTrue());
  }

  private static void restoreKey(Tx tx, JobRow row, NewJob job, long now) throws SQLException {
    JobKey key = job.key();
    if (key == null || Keys.holder(tx, row.queue, key.name(), now).isPresent()) {
      return;
    }
    Until until = key.policy().until();
    if (until == Until.WINDOW) {
      Keys.take(tx, row.queue, key, row.id, row.enqueued);
    } else if (Verify.holds(until, row.state)) {
      Keys.take(tx, row.queue, key, row.id, now);
    }
  }
}
