package dev.noria.storage.sqlite;

import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts all jobs anew and heals counts that have drifted (S5.3), a page in each call, by whichever
 * process calls. The position is stored: {@link Ledger} counts changes of jobs that were passed
 * along, so that the sum is exact at the end although nobody stood still. After a sweep it rests,
 * for an idle storage shall not write all the time. The partial indexes are SQLite's own business:
 * it keeps them in step with their table.
 */
final class Recount {
  /** The position behind all jobs: their counts are compared. */
  static final long ALL = Long.MAX_VALUE;

  private static final int PAGE = 500;
  private static final int MOST_GROUPS = 10_000;
  private static final long REST_MILLIS = 600_000;
  static final String POSITION = "recount_position";
  private static final String SWEEP = "recount_sweep";
  private static final String ENDED = "recount_ended";
  private static final String QUEUES = "recount_queues";
  private static final String GROUPS = "recount_groups";

  private final Tx tx;
  private final Report report;

  private record Kind(long seq, long queue, long grp, int state) {
    static Kind read(ResultSet row) throws SQLException {
      return new Kind(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4));
    }
  }

  Recount(Tx tx, Report report) {
    this.tx = tx;
    this.report = report;
  }

  /** The last job that was passed; 0 while no recount is under way. */
  static long position(Tx tx) throws SQLException {
    return tx.mirror().meta(POSITION);
  }

  static long sweep(Tx tx) throws SQLException {
    return tx.mirror().meta(SWEEP);
  }

  void page(long now) throws SQLException {
    long position = position(tx);
    if (position == ALL) {
      compare(now);
    } else if (position > 0) {
      pass(position);
    } else if (now >= tx.mirror().meta(ENDED) + REST_MILLIS) {
      tx.mirror().meta(SWEEP, sweep(tx) + 1);
      pass(0);
    }
  }

  private void pass(long position) throws SQLException {
    long sweep = sweep(tx);
    List<Kind> kinds = tx.sql("job.kinds").with(position).with(PAGE).all(Kind::read);
    for (Kind kind : kinds) {
      JobState state = Codes.state(kind.state());
      Ledger.pass(tx.mirror().queue(kind.queue()), group(kind), state, sweep);
    }
    boolean last = kinds.size() < PAGE;
    tx.mirror().meta(POSITION, last ? ALL : kinds.get(kinds.size() - 1).seq());
    if (last) {
      tx.mirror().meta(QUEUES, 0);
      tx.mirror().meta(GROUPS, 0);
    }
  }

  private @Nullable GroupRow group(Kind kind) throws SQLException {
    long grp = kind.grp();
    JobRow lost = Ledger.isThere(tx, grp) ? null : Jobs.bySeq(tx.session(), kind.seq());
    if (lost != null && Ledger.rehome(tx, lost, lost.state)) {
      report.healed++;
      grp = lost.grp;
    }
    return grp == 0 ? null : tx.mirror().group(grp);
  }

  private void compare(long now) throws SQLException {
    boolean queuesDone = pageOf("queue.page", QUEUES, id -> heal(tx.mirror().queue(id)));
    if (queuesDone && pageOf("grp.page", GROUPS, id -> heal(tx.mirror().group(id)))) {
      tx.mirror().meta(POSITION, 0);
      tx.mirror().meta(ENDED, now);
    }
  }

  private interface Each {
    void row(long id) throws SQLException;
  }

  /** The next page; says whether it was the last one. */
  private boolean pageOf(String statement, String cursor, Each each) throws SQLException {
    long from = tx.mirror().meta(cursor);
    if (from == ALL) {
      return true;
    }
    List<Long> ids = tx.sql(statement).with(from).with(PAGE).numbers();
    for (long id : ids) {
      each.row(id);
    }
    boolean last = ids.size() < PAGE;
    tx.mirror().meta(cursor, last ? ALL : ids.get(PAGE - 1));
    return last;
  }

  private void heal(QueueRow queue) throws SQLException {
    boolean healed = Ledger.correct(queue, sweep(tx));
    long groups = tx.sql("grp.some").with(queue.id).with(MOST_GROUPS).number(0);
    if (groups < MOST_GROUPS ? queue.groups != groups : queue.groups < groups) {
      queue.groups = groups;
      queue.touch();
      healed = true;
    }
    if (healed) {
      report.healed++;
      if (!queue.paused && queue.count(JobState.READY) > 0) {
        tx.news().ready(queue.name);
      }
    }
  }

  private void heal(GroupRow group) throws SQLException {
    QueueRow queue = tx.mirror().queue(group.queue);
    if (Ledger.correct(group, queue, sweep(tx))) {
      report.healed++;
      if (!queue.paused && group.ready > 0) {
        tx.news().ready(queue.name);
      }
    }
  }
}
