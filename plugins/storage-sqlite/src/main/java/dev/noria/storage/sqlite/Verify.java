package dev.noria.storage.sqlite;

import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Walks through the jobs, one page per call, and compares them with the tables beside (S5.3). The
 * position is of this storage only; it starts over at the end.
 */
final class Verify {
  private static final int PAGE = 200;

  private long position;
  private KeyPosition keys = KeyPosition.START;

  private record KeyPosition(long queue, String name) {
    static final KeyPosition START = new KeyPosition(-1, "");
  }

  private record Entry(long queue, String name, JobId holder, int until) {}

  void page(Tx tx, Report report, long now) throws SQLException {
    List<JobRow> rows = tx.sql("job.after_seq").with(position).with(PAGE).all(JobRow::read);
    for (JobRow row : rows) {
      check(tx, row, report, now);
    }
    position = rows.size() < PAGE ? 0 : rows.get(rows.size() - 1).seq;
    keyPage(tx, report);
  }

  private static void check(Tx tx, JobRow row, Report report, long now) throws SQLException {
    if (row.state == JobState.BLOCKED) {
      checkBlocked(tx, row, report, now);
    }
    JobKey key = row.has(Flags.KEYED) ? Keys.key(tx, row) : null;
    if (key != null && holds(key.policy().until(), row.state)) {
      Optional<JobId> holder = Keys.holder(tx, row.queue, key.name(), now);
      if (holder.isEmpty()) {
        Keys.put(tx, row.queue, key, row.id, now);
        report.healed++;
      }
    }
  }

  /** Whether a job of this state must have its entry, if nobody else has it. */
  static boolean holds(Until until, JobState state) {
    return switch (until) {
      case STARTED -> state.isWaiting();
      case FINISHED -> !state.isFinished();
      case PURGED -> true;
      case WINDOW -> false;
    };
  }

  /** Edges to jobs that ended or are gone, as a restore may leave them. */
  private static void checkBlocked(Tx tx, JobRow row, Report report, long now) throws SQLException {
    OnMissing missing = row.job(tx.mirror().queue(row.queue)).dependencies().onMissing();
    for (byte[] id : tx.sql("edge.prerequisites").with(row.seq).all(edge -> edge.getBytes(1))) {
      long state = tx.sql("job.state_of").with(id).number(-1);
      if (state < 0 && missing == OnMissing.COUNT_AS_DONE) {
        Dependents.set(tx, Dependents.DONE, JobId.fromBytes(id), row.seq);
      } else if (state < 0) {
        Dependents.ended(tx, JobId.fromBytes(id), JobState.CANCELLED);
      } else if (Codes.state((int) state).isFinished()) {
        Dependents.ended(tx, JobId.fromBytes(id), Codes.state((int) state));
      }
    }
    Dependents.releaseIfFree(tx, row, report, now);
  }

  /** Entries whose holder is gone or over, although they should have gone with it. */
  private void keyPage(Tx tx, Report report) throws SQLException {
    List<Entry> entries =
        tx.sql("key.page")
            .with(keys.queue())
            .with(keys.name())
            .with(PAGE)
            .all(
                row ->
                    new Entry(
                        row.getLong(1),
                        row.getString(2),
                        JobId.fromBytes(row.getBytes(3)),
                        row.getInt(4)));
    for (Entry entry : entries) {
      Until until = Codes.UNTIL.get(entry.until());
      long state = tx.sql("job.state_of").with(entry.holder().toBytes()).number(-1);
      boolean held = state >= 0 && holds(until, Codes.state((int) state));
      if (until != Until.WINDOW && !held) {
        tx.sql("key.free")
            .with(entry.queue())
            .with(entry.name())
            .with(entry.holder().toBytes())
            .with(entry.until())
            .run();
        report.healed++;
      }
    }
    Entry last = entries.size() < PAGE ? null : entries.get(PAGE - 1);
    keys = last == null ? KeyPosition.START : new KeyPosition(last.queue(), last.name());
  }
}
