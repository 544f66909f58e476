package dev.noria.storage.postgres;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.rows.Codes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One row of the job table, or of the table of finished jobs. */
final class JobRow {
  final JobId id;
  final int queue;
  final long enqueued;
  final long deadline;
  final String type;
  final @Nullable String grp;
  final @Nullable String key;

  /** Whether the row is in the table of finished jobs; a change of state moves it. */
  boolean inDone;

  private boolean deleted;

  JobState state;
  int rank;
  long place;
  long due;
  int flags;
  int attempt;
  int crashes;
  int generation;
  int epoch;
  long nonce;
  long call;
  long expires;
  long leased;
  boolean held;
  long finished;
  long gone;
  @Nullable String reason;
  private byte @Nullable [] extra;
  private final byte @Nullable [] payload;
  private @Nullable NewJob job;

  private JobRow(ResultSet row) throws SQLException {
    id = Stmt.id(row, 1);
    queue = row.getInt(2);
    state = Codes.state(row.getInt(3));
    rank = row.getInt(4);
    place = row.getLong(5);
    due = row.getLong(6);
    enqueued = row.getLong(7);
    flags = row.getInt(8);
    attempt = row.getInt(9);
    crashes = row.getInt(10);
    generation = row.getInt(11);
    epoch = row.getInt(12);
    nonce = row.getLong(13);
    call = row.getLong(14);
    expires = Stmt.number(row, 15);
    held = !row.wasNull();
    leased = Stmt.number(row, 16);
    deadline = Stmt.number(row, 17);
    finished = Stmt.number(row, 18);
    gone = Stmt.number(row, 19);
    inDone = finished >= 0;
    reason = row.getString(20);
    type = row.getString(21);
    grp = row.getString(22);
    key = row.getString(23);
    extra = row.getBytes(24);
    payload = row.getBytes(25);
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

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  void set(int flag, boolean value) {
    flags = value ? flags | flag : flags & ~flag;
  }

  /** What was enqueued, without a payload where the row was read without. */
  NewJob job(String queueName) {
    NewJob known = job;
    if (known == null) {
      known = decode(queueName, true);
      job = known;
    }
    return known;
  }

  /**
   * The same, but a damaged form is an error.
   *
   * @throws RuntimeException if it is
   */
  NewJob intact(String queueName) {
    return decode(queueName, false);
  }

  private NewJob decode(String queueName, boolean lenient) {
    Bytes bytes = payload == null ? Bytes.EMPTY : Bytes.owned(payload);
    NewJob.Builder builder = NewJob.builder(id, type, queueName, bytes);
    try {
      Extra.unpack(extra, builder);
    } catch (RuntimeException e) {
      if (!lenient) {
        throw e;
      }
      builder = NewJob.builder(id, type, queueName, bytes);
    }
    return builder
        .group(grp)
        .deadline(deadline < 0 ? null : Instant.ofEpochMilli(deadline))
        .priority(priority(rank))
        .lifo(lifo(rank))
        .awaited(has(Flags.AWAITED))
        .build();
  }

  /** Replaces what was enqueued, but for payload; not yet in the table. */
  void job(NewJob other) {
    job = other;
    extra = Extra.pack(other);
  }

  /** The lease is over. */
  void leaveLease() {
    held = false;
    nonce = 0;
    call = 0;
    expires = -1;
    leased = -1;
    flags &= ~(Flags.STARTED | Flags.ABANDONED);
  }

  /** Writes the row of an unfinished job. */
  void save(Tx tx) throws SQLException {
    Stmt update = tx.write("job.update");
    update.with(Codes.of(state)).with(rank).with(place).with(due).with(flags);
    update.with(attempt).with(crashes).with(generation).with(epoch);
    if (held) {
      update.with(nonce).with(call).with(expires).with(leased);
    } else {
      update.orNull(-1).orNull(-1).orNull(-1).orNull(-1);
    }
    update.with(reason).with(extra).with(id).run();
    if (state == JobState.READY) {
      tx.ring(queue, grp);
    }
  }

  /** Moves the row to the finished ones. */
  void finish(Tx tx) throws SQLException {
    Stmt move = tx.write("job.finish").with(id).with(finished).with(gone).with(flags);
    move.with(epoch).with(attempt).with(crashes).with(Codes.of(state)).with(reason).run();
    inDone = true;
  }

  /** Moves the row of a finished job back. */
  void reopen(Tx tx) throws SQLException {
    tx.sql("job.again").with(id).run();
    inDone = false;
  }

  void delete(Tx tx) throws SQLException {
    tx.write(inDone ? "done.delete" : "job.delete").with(id).run();
    deleted = true;
  }

  /** Whether this transaction has deleted it. */
  boolean isDeleted() {
    return deleted;
  }

  /** Adds a flag, in the table at once. */
  void flag(Tx tx, int flag) throws SQLException {
    flags |= flag;
    tx.sql(inDone ? "done.flag" : "job.flag").with(flag).with(id).run();
    if (state == JobState.READY) {
      tx.ring(queue, grp);
    }
  }
}
