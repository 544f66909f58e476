package dev.noria.storage.sqlite;

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
  private final Writer writer;
  private final Reader reader;

  /** Writes notes of the row with this number. */
  private interface Write {
    void run(Tx tx, long seq) throws SQLException;
  }

  NoteTable(Writer writer, Reader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  private boolean write(Lease lease, Write write) {
    return writer.call(
        tx -> {
          long seq = Locator.seq(tx.session(), lease);
          Acks.Held held = Acks.held(tx.session(), List.of(seq)).get(seq);
          if (held == null || !held.is(lease)) {
            return false;
          }
          if ((held.flags() & Flags.NOTES) == 0) {
            tx.sql("job.flag").with(Flags.NOTES).with(seq).run();
          }
          write.run(tx, seq);
          return true;
        });
  }

  @Override
  public boolean progress(Lease lease, Progress progress) {
    return write(lease, (tx, seq) -> put(tx, seq, progress));
  }

  private static void put(Tx tx, long seq, Progress progress) throws SQLException {
    Bytes message = cut(progress.message());
    tx.sql("progress.put").with(seq).with(progress.percent()).with(message.toArray()).run();
  }

  @Override
  public boolean log(Lease lease, List<LogLine> lines) {
    return write(lease, (tx, seq) -> append(tx, seq, lines));
  }

  private static void append(Tx tx, long seq, List<LogLine> lines) throws SQLException {
    long last = tx.sql("line.last").with(seq).number(0);
    int skipped = Math.max(0, lines.size() - JobNotes.LOG_LINES);
    last += skipped;
    for (LogLine line : lines.subList(skipped, lines.size())) {
      tx.sql("line.add")
          .with(seq)
          .with(++last)
          .with(line.at().toEpochMilli())
          .with(cut(line.text()).toArray())
          .run();
    }
    tx.sql("line.trim").with(seq).with(last - JobNotes.LOG_LINES).run();
  }

  @Override
  public boolean step(Lease lease, String name, Bytes result) {
    return write(
        lease, (tx, seq) -> tx.sql("step.put").with(seq).with(name).with(result.toArray()).run());
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
    return reader.read(
        session -> {
          long seq = session.sql("job.seq_of").with(id.toBytes()).number(-1);
          return seq < 0 ? JobNotes.NONE : of(session, seq);
        });
  }

  static JobNotes of(Session session, long seq) throws SQLException {
    Progress progress =
        session
            .sql("progress.of")
            .with(seq)
            .first(row -> new Progress(row.getInt(1), Bytes.owned(Stmt.bytes(row, 2))))
            .orElse(null);
    List<LogLine> log =
        session
            .sql("line.of")
            .with(seq)
            .all(
                row ->
                    new LogLine(
                        Instant.ofEpochMilli(row.getLong(1)), Bytes.owned(Stmt.bytes(row, 2))));
    Map<String, Bytes> steps = new HashMap<>();
    session
        .sql("step.of")
        .with(seq)
        .all(row -> steps.put(row.getString(1), Bytes.owned(Stmt.bytes(row, 2))));
    return new JobNotes(progress, log, steps);
  }

  /** For a restore. */
  static void restore(Tx tx, long seq, JobNotes notes) throws SQLException {
    if (notes.progress() != null) {
      put(tx, seq, notes.progress());
    }
    append(tx, seq, notes.log());
    for (Map.Entry<String, Bytes> step : notes.steps().entrySet()) {
      tx.sql("step.put").with(seq).with(step.getKey()).with(step.getValue().toArray()).run();
    }
  }
}
