package dev.noria.storage.postgres;

import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The failed attempts of a job: the first and the last nine (S3.5). */
final class Failures {
  private Failures() {}

  /** Appends the failure of the running attempt. */
  static void add(Tx tx, JobRow row, ErrorInfo error, long now) throws SQLException {
    String worker =
        tx.sql("worker.name").with(row.nonce).first(name -> name.getString(1)).orElse("");
    add(
        tx,
        row,
        new FailedAttempt(
            row.generation,
            row.attempt,
            error,
            worker,
            Instant.ofEpochMilli(Math.max(0, row.leased)),
            Instant.ofEpochMilli(now)));
  }

  static void add(Tx tx, JobRow row, FailedAttempt failed) throws SQLException {
    long n = 1;
    if (row.has(Flags.FAILURES)) {
      n += tx.sql("failure.last").with(row.id).number(0);
    }
    ErrorInfo error = failed.error();
    Stmt insert = tx.write("failure.add").with(row.id).with(n);
    insert.with(failed.generation()).with(failed.attempt());
    insert.with(error.type()).with(error.fingerprint()).with(error.message()).with(error.stack());
    insert.with(failed.worker()).with(failed.startedAt().toEpochMilli());
    insert.with(failed.endedAt().toEpochMilli()).run();
    if (n > FailedAttempt.KEPT) {
      tx.write("failure.trim").with(row.id).with(n - (FailedAttempt.KEPT - 1)).run();
    }
    row.set(Flags.FAILURES, true);
  }

  static List<FailedAttempt> of(Session session, JobId id) throws SQLException {
    return session.sql("failure.of").with(id).all(Failures::read);
  }

  private static FailedAttempt read(ResultSet row) throws SQLException {
    return new FailedAttempt(
        row.getInt(1),
        row.getInt(2),
        new ErrorInfo(row.getString(3), row.getString(4), row.getString(5), row.getString(6)),
        row.getString(7),
        Instant.ofEpochMilli(row.getLong(8)),
        Instant.ofEpochMilli(row.getLong(9)));
  }
}
