package dev.noria.storage.sqlite;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.rows.Codes;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One row of the job table. */
final class JobRow {
  final long seq;
  final JobId id;
  final long queue;
  final long enqueued;
  final long deadline;
  long grp;
  JobState state;
  int rank;
  long place;
  long due;
  long flags;
  int attempt;
  int crashes;
  int generation;
  long epoch;
  long nonce;
  long owner;
  long expires;
  long leased;
  long finished;
  long gone;
  @Nullable String reason;
  byte[] body;
  private @Nullable NewJob job;

  private JobRow(ResultSet row) throws SQLException {
    seq = row.getLong(1);
    id = JobId.fromBytes(row.getBytes(2));
    queue = row.getLong(3);
    grp = row.getLong(4);
    state = Codes.state(row.getInt(5));
    rank = row.getInt(6);
    place = row.getLong(7);
    due = row.getLong(8);
    enqueued = row.getLong(9);
    flags = row.getLong(10);
    attempt = row.getInt(11);
    crashes = row.getInt(12);
    generation = row.getInt(13);
    epoch = row.getLong(14);
    nonce = row.getLong(15);
    owner = row.getLong(16);
    expires = row.getLong(17);
    leased = row.getLong(18);
    deadline = row.getLong(19);
    finished = row.getLong(20);
    gone = row.getLong(21);
    reason = row.getString(22);
    body = Stmt.bytes(row, 23);
  }

  static JobRow read(ResultSet row) throws SQLException {
    return new JobRow(row);
  }

  static int rank(int priority, boolean lifo) {
    return (100 - priority) * 2 + (lifo ? 0 : 1);
  }

  static int priority(int rank) {
    return 100 - rank / 2;
  }

  static boolean lifo(int rank) {
    return rank % 2 == 0;
  }

  boolean has(long flag) {
    return (flags & flag) != 0;
  }

  void set(long flag, boolean value) {
    flags = value ? flags | flag : flags & ~flag;
  }

  /** What was enqueued; a damaged body gives a job whose payload is the damaged bytes. */
  NewJob job(QueueRow queue) {
    NewJob known = job;
    if (known == null) {
      known = decode(queue);
      job = known;
    }
    return known;
  }

  private NewJob decode(QueueRow queue) {
    NewJob.Builder builder;
    try {
      builder = Body.unpack(body, id, queue.name);
    } catch (RuntimeException e) {
      builder = NewJob.builder(id, Body.type(body), queue.name, Bytes.copyOf(body));
    }
    return builder.priority(priority(rank)).lifo(lifo(rank)).awaited(has(Flags.AWAITED)).build();
  }

  /** Replaces what was enqueued, but not yet in the table. */
  void job(NewJob other) {
    job = other;
    body = Body.pack(other);
  }

  void save(Session session) throws SQLException {
    Stmt update = session.sql("job.update");
    update.with(Codes.of(state)).with(rank).with(place).with(due).with(flags);
    update.with(attempt).with(crashes).with(generation).with(epoch).with(nonce);
    update.with(owner).with(expires).with(leased).with(finished).with(gone).with(reason);
    update.with(seq).run();
  }

  void saveBody(Session session) throws SQLException {
    session.sql("job.body").with(body).with(seq).run();
  }
}
