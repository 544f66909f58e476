package dev.noria.storage.postgres;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobNotes.LogLine;
import dev.noria.job.JobNotes.Progress;
import dev.noria.storage.Lease;
import dev.noria.storage.Notes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Progress, log and steps, in tables that jobs without them never touch. */
final class NoteTable implements Notes {
  private final Server server;

  /** Writes notes of the job with this id. */
  private interface Write {
    void run(Tx tx, JobId id) throws SQLException;
  }

  NoteTable(Server server) {
    this.server = server;
  }

  private boolean write(Lease lease, Write write) {
    return server
        .transact(
            tx -> {
              JobRow row = Jobs.lock(tx, lease.id());
              if (row == null || !Acks.is(row, lease)) {
                return false;
              }
              if (!row.has(Flags.NOTES)) {
                row.flag(tx, Flags.NOTES);
              }
              write.run(tx, row.id);
              return true;
            })
        .result();
  }

  @Override
  public boolean progress(Lease lease, Progress progress) {
    return write(lease, (tx, id) -> put(tx, id, progress));
  }

  private static void put(Tx tx, JobId id, Progress progress) throws SQLException {
    Bytes message = cut(progress.message());
    tx.sql("progress.put").with(id).with(progress.percent()).with(message.toArray()).run();
  }

  @Override
  public boolean log(Lease lease, List<LogLine> lines) {
    return write(lease, (tx, id) -> append(tx, id, lines));
  }

  private static void append(Tx tx, JobId id, List<LogLine> lines) throws SQLException {
    long last = tx.sql("line.last").with(id).number(0);
    int skipped = Math.max(0, lines.size() - JobNotes.LOG_LINES);
    last += skipped;
    for (LogLine line : lines.subList(skipped, lines.size())) {
      tx.sql("line.add")
          .with(id)
          .with(++last)
          .with(line.at().toEpochMilli())
          .with(cut(line.text()).toArray())
          .run();
    }
    tx.sql("line.trim").with(id).with(last - JobNotes.LOG_LINES).run();
  }

  @Override
  public boolean step(Lease lease, String name, Bytes result) {
    return write(
        lease, (tx, id) -> tx.sql("step.put").with(id).with(name).with(result.toArray()).run());
  }

  private static Bytes cut(Bytes text) {
    if (text.size() <= JobNotes.TEXT_BYTES) {
      return text;
    }
    byte[] start = new byte[JobNotes.TEXT_BYTES];
    text.toByteBuffer().get(start);
    return Bytes.owned(start);
  }

  @Override
  public JobNotes notes(JobId id) {
    return server.apart(session -> of(session, id));
  }

  static JobNotes of(Session session, JobId id) throws SQLException {
    Progress progress =
        session
            .sql("progress.of")
            .with(id)
            .first(row -> new Progress(row.getInt(1), Bytes.owned(Stmt.bytes(row, 2))))
            .orElse(null);
    List<LogLine> log =
        session
            .sql("line.of")
            .with(id)
            .all(
                row ->
                    new LogLine(
                        Instant.ofEpochMilli(row.getLong(1)), Bytes.owned(Stmt.bytes(row, 2))));
    Map<String, Bytes> steps = new HashMap<>();
    session
        .sql("step.of")
        .with(id)
        .all(row -> steps.put(row.getString(1), Bytes.owned(Stmt.bytes(row, 2))));
    return new JobNotes(progress, log, steps);
  }

  /** For a restore. */
  static void restore(Tx tx, JobId id, JobNotes notes) throws SQLException {
    if (notes.progress() != null) {
      put(tx, id, notes.progress());
    }
    append(tx, id, notes.log());
    for (Map.Entry<String, Bytes> step : notes.steps().entrySet()) {
      tx.sql("step.put").with(id).with(step.getKey()).with(step.getValue().toArray()).run();
    }
  }
}
