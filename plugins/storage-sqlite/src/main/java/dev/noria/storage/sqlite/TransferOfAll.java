package dev.noria.storage.sqlite;

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
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes jobs with everything that belongs to them. */
final class TransferOfAll implements Transfer {
  private final Writer writer;
  private final Reader reader;

  TransferOfAll(Writer writer, Reader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  @Override
  public Page<StoredJob> export(@Nullable String cursor, int limit) {
    Listing.checkLimit(limit);
    byte[] after = cursor == null ? new byte[0] : JobId.parse(cursor).toBytes();
    return reader.read(
        session -> {
          List<JobRow> rows = session.sql("job.after_id").with(after).with(limit).all(JobRow::read);
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
    return writer.call(
        tx -> {
          List<EnqueueReceipt> receipts = new ArrayList<>();
          for (StoredJob stored : jobs) {
            JobRow existing = Jobs.byId(tx.session(), stored.id());
            if (existing == null) {
              restore(tx, stored, now.toEpochMilli());
            }
            receipts.add(
                existing == null
                    ? EnqueueReceipt.enqueued(stored.id())
                    : EnqueueReceipt.duplicate(stored.id(), existing.state));
          }
          return receipts;
        });
  }

  private static void restore(Tx tx, StoredJob stored, long now) throws SQLException {
    NewJob job = stored.job();
    QueueRow queue = tx.mirror().queue(job.queue());
    boolean ran = stored.state() == JobState.RUNNING;
    JobState state = ran ? JobState.READY : stored.state();
    long due = stored.status().dueAt().toEpochMilli();
    long place = 0;
    if (state == JobState.READY) {
      place = queue.places(due, 1) * (job.lifo() ? -1 : 1);
    }
    long seq = tx.mirror().seqs(1);
    long grp = Run.grp(tx, queue, job);
    long enqueued = stored.status().enqueuedAt().toEpochMilli();
    Run.insertOne(tx, job, seq, new Run.Spot(queue.id, grp, state, place, due), enqueued);
    JobRow row = Jobs.bySeq(tx.session(), seq);
    if (row == null) {
      throw new SQLException("A row vanished within its transaction");
    }
    fill(row, stored, ran);
    restoreRest(tx, row, stored);
    row.save(tx.session());
    Ledger.moved(tx, row, null, state, now);
    restoreKey(tx, row, job, now);
    if (state == JobState.BLOCKED) {
      for (JobId on : job.dependencies().on()) {
        tx.sql("edge.add").with(on.toBytes()).with(seq).with(Dependents.OPEN).run();
        markDepended(tx, on);
      }
    }
  }

  private static void markDepended(Tx tx, JobId id) throws SQLException {
    long seq = tx.sql("job.seq_of").with(id.toBytes()).number(-1);
    if (seq >= 0) {
      tx.sql("job.flag").with(Flags.DEPENDED).with(seq).run();
    }
  }

  private static void fill(JobRow row, StoredJob stored, boolean ran) {
    row.attempt = stored.status().attempt() - (ran ? 1 : 0);
    row.crashes = stored.status().crashes();
    row.generation = stored.status().generation();
    row.epoch = stored.status().epoch();
    row.reason = stored.status().reason();
    Instant finishedAt = stored.status().finishedAt();
    if (finishedAt != null) {
      row.finished = finishedAt.toEpochMilli();
      row.gone = row.finished + stored.job().retention().of(stored.state()).toMillis();
    }
  }

  private static void restoreRest(Tx tx, JobRow row, StoredJob stored) throws SQLException {
    if (stored.result() != null) {
      tx.sql("result.put").with(row.seq).with(stored.result().toArray()).run();
      row.set(Flags.RESULT, true);
    }
    for (FailedAttempt failed : stored.history()) {
      Failures.add(tx, row, failed);
    }
    if (!stored.notes().equals(JobNotes.NONE)) {
      NoteTable.restore(tx, row.seq, stored.notes());
      row.set(Flags.NOTES, true);
    }
    // Those that wait for it may have come before it.
    row.set(Flags.DEPENDED, tx.sql("edge.any").with(row.id.toBytes()).number(0) > 0);
  }

  private static void restoreKey(Tx tx, JobRow row, NewJob job, long now) throws SQLException {
    JobKey key = job.key();
    if (key == null || Keys.holder(tx, row.queue, key.name(), now).isPresent()) {
      return;
    }
    Until until = key.policy().until();
    if (until == Until.WINDOW) {
      Keys.put(tx, row.queue, key, row.id, row.enqueued);
    } else if (Verify.holds(until, row.state)) {
      Keys.put(tx, row.queue, key, row.id, now);
    }
  }
}
