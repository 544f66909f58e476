package dev.noria.storage.sqlite;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Settles the jobs that wait for an ended one, a bounded number at a time (S3.4). */
final class Dependents {
  /** How many one call settles. */
  static final int BOUND = 1_000;

  /** What an edge is. */
  static final int OPEN = 0;

  static final int HELD = 1;
  static final int DONE = 2;

  private record Ended(JobId id, JobState state) {}

  private Dependents() {}

  /** Notes that a job ended on which others wait. */
  static void ended(Tx tx, JobId id, JobState state) throws SQLException {
    tx.sql("ended.add").with(id.toBytes()).with(Codes.of(state)).run();
    tx.news().dependents = true;
  }

  /** Settles what this transaction noted, if it noted anything. */
  static void settleNews(Tx tx, Report report, long now) throws SQLException {
    News news = tx.news();
    if (news.dependents && news.settled < BOUND) {
      int before = report.released.size() + report.ended.size();
      settle(tx, BOUND - news.settled, report, now);
      news.settled += report.released.size() + report.ended.size() - before;
      news.dependents = false;
    }
  }

  static void set(Tx tx, int state, JobId prerequisite, long dependent) throws SQLException {
    tx.sql("edge.set").with(state).with(prerequisite.toBytes()).with(dependent).run();
  }

  /** Settles at most {@code limit}; says whether there may be more. */
  static boolean settle(Tx tx, int limit, Report report, long now) throws SQLException {
    int left = limit;
    while (true) {
      Optional<Ended> next =
          tx.sql("ended.next")
              .first(
                  row -> new Ended(JobId.fromBytes(row.getBytes(1)), Codes.state(row.getInt(2))));
      if (next.isEmpty()) {
        return false;
      }
      if (left == 0) {
        return true;
      }
      Ended ended = next.get();
      List<Long> dependents =
          tx.sql("edge.dependents").with(ended.id().toBytes()).with(left).numbers();
      for (long dependent : dependents) {
        settleOne(tx, ended, dependent, report, now);
      }
      if (dependents.size() < left) {
        tx.sql("ended.remove").with(ended.id().toBytes()).run();
      }
      left -= dependents.size();
    }
  }

  private static void settleOne(Tx tx, Ended ended, long dependent, Report report, long now)
      throws SQLException {
    JobRow row = Jobs.bySeq(tx.session(), dependent);
    if (row == null || row.state != JobState.BLOCKED) {
      tx.sql("edge.drop").with(dependent).run();
      return;
    }
    OnFailure policy = row.job(tx.mirror().queue(row.queue)).dependencies().onFailure();
    if (ended.state() == JobState.COMPLETED || policy == OnFailure.IGNORE) {
      set(tx, DONE, ended.id(), dependent);
      releaseIfFree(tx, row, report, now);
    } else if (policy == OnFailure.HOLD) {
      set(tx, HELD, ended.id(), dependent);
    } else {
      report.ended.add(Ending.cancelled(Reasons.DEPENDENCY).apply(tx, row, now));
    }
  }

  /** Lets a job go that waits for nobody any more. */
  static void releaseIfFree(Tx tx, JobRow row, Report report, long now) throws SQLException {
    if (tx.sql("edge.pending").with(row.seq).number(0) == 0) {
      tx.sql("edge.drop").with(row.seq).run();
      Waiting.until(tx, row, row.due, now);
      report.released.add(row.id);
    }
  }
}
