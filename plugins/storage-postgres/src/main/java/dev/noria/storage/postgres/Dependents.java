package dev.noria.storage.postgres;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.rows.Codes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Settles the jobs that wait for an ended one, a bounded number at a time, in units of their own
 * that lock each dependent (S3.4).
 */
final class Dependents {
  /** How many one call settles. */
  static final int BOUND = 1_000;

  /** What an edge is. */
  static final int OPEN = 0;

  static final int HELD = 1;
  static final int DONE = 2;

  private record Ended(JobId id, JobState state) {
    static Ended read(ResultSet row) throws SQLException {
      return new Ended(Stmt.id(row, 1), Codes.state(row.getInt(2)));
    }
  }

  private Dependents() {}

  /** Notes that a job ended on which others wait. */
  static void ended(Tx tx, JobId id, JobState state) throws SQLException {
    tx.sql("ended.add").with(id).with(Codes.of(state)).run();
    tx.news().ended(id);
  }

  static void set(Tx tx, int state, JobId prerequisite, JobId dependent) throws SQLException {
    tx.sql("edge.set").with(state).with(prerequisite).with(dependent).run();
  }

  /**
   * Settles dependents of one ended job.
   *
   * @param settled how many were, at most {@code limit}
   * @param more whether there may be more of it, or of others
   */
  record Settled(int settled, boolean more, JobId last) {}

  /** Those of this job, unless somebody else does; null when it is not to be settled any more. */
  static Optional<Settled> of(Tx tx, JobId id, int limit, Report report, long now)
      throws SQLException {
    Optional<Ended> ended = tx.sql("ended.of").with(id).first(Ended::read);
    return ended.isEmpty()
        ? Optional.empty()
        : Optional.of(settle(tx, ended.get(), limit, report, now));
  }

  /** Those of the first ended job behind {@code after}; empty when there is none. */
  static Optional<Settled> next(Tx tx, JobId after, int limit, Report report, long now)
      throws SQLException {
    Optional<Ended> ended = tx.sql("ended.next").with(after).first(Ended::read);
    return ended.isEmpty()
        ? Optional.empty()
        : Optional.of(settle(tx, ended.get(), limit, report, now));
  }

  private static Settled settle(Tx tx, Ended ended, int limit, Report report, long now)
      throws SQLException {
    List<JobId> dependents = tx.sql("edge.dependents").with(ended.id()).with(limit).ids();
    List<JobRow> rows = Jobs.lockUnfinished(tx, dependents);
    for (JobRow row : rows) {
      if (row.state == JobState.BLOCKED) {
        settleOne(tx, ended, row, report, now);
      } else {
        tx.sql("edge.drop").with(row.id).run();
      }
    }
    if (rows.size() < dependents.size()) {
      dropEdgesOfMissing(tx, dependents, rows);
    }
    boolean all = dependents.size() < limit;
    if (all) {
      tx.sql("ended.remove").with(ended.id()).run();
    }
    return new Settled(dependents.size(), !all, ended.id());
  }

  private static void dropEdgesOfMissing(Tx tx, List<JobId> dependents, List<JobRow> rows)
      throws SQLException {
    List<JobId> missing = new java.util.ArrayList<>(dependents);
    rows.forEach(row -> missing.remove(row.id));
    for (JobId id : missing) {
      tx.sql("edge.drop").with(id).run();
    }
  }

  private static void settleOne(Tx tx, Ended ended, JobRow row, Report report, long now)
      throws SQLException {
    String queue = tx.names().name(tx.session(), row.queue);
    OnFailure policy = row.job(queue).dependencies().onFailure();
    if (ended.state() == JobState.COMPLETED || policy == OnFailure.IGNORE) {
      set(tx, DONE, ended.id(), row.id);
      releaseIfFree(tx, row, report, now);
    } else if (policy == OnFailure.HOLD) {
      set(tx, HELD, ended.id(), row.id);
    } else {
      report.ended.add(Ending.cancelled(Reasons.DEPENDENCY).apply(tx, row, now));
    }
  }

  /** Lets a job go that waits for nobody any more. */
  static void releaseIfFree(Tx tx, JobRow row, Report report, long now) throws SQLException {
    if (tx.sql("edge.pending").with(row.id).number(0) == 0) {
      tx.sql("edge.drop").with(row.id).run();
      Waiting.until(tx, row, row.due, now);
      report.released.add(row.id);
    }
  }
}
