package dev.noria.storage.sqlite;

import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import dev.noria.rows.Codes;
import dev.noria.rows.PolicyForm;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One row of the queue table, as it will be when the transaction commits. */
final class QueueRow extends Row {
  static final int PLACE_BITS = 20;

  final long id;
  final String name;
  boolean paused;
  QueuePolicy policy;
  final long[] counts = new long[Codes.STATE_COUNT];
  long groupedReady;
  long groups;
  private long instant;
  private long ordinal;
  private long turn;
  long plainTurn;
  long plainCredit;

  /** By state, and the ready ones with a group behind. */
  final Tally seen = new Tally(Codes.STATE_COUNT + 1);

  QueueRow(long id, String name) {
    this.id = id;
    this.name = name;
    this.policy = QueuePolicy.UNLIMITED;
    this.turn = 1;
  }

  static QueueRow read(ResultSet row) throws SQLException {
    QueueRow queue = new QueueRow(row.getLong(1), row.getString(2));
    queue.paused = row.getLong(3) != 0;
    byte @Nullable [] policy = row.getBytes(4);
    queue.policy = policy == null ? QueuePolicy.UNLIMITED : PolicyForm.read(policy);
    for (int i = 0; i < queue.counts.length; i++) {
      queue.counts[i] = row.getLong(5 + i);
    }
    queue.groupedReady = row.getLong(12);
    queue.groups = row.getLong(13);
    queue.instant = row.getLong(14);
    queue.ordinal = row.getLong(15);
    queue.turn = row.getLong(16);
    queue.plainTurn = row.getLong(17);
    queue.plainCredit = row.getLong(18);
    queue.seen.read(row.getBytes(19));
    return queue;
  }

  /** For jobs whose queue row is lost: they do not know its name. Written, it is a row again. */
  static QueueRow lost(long id) {
    return new QueueRow(id, "lost-" + id);
  }

  @Override
  void write(Session session) throws SQLException {
    if (update(session) == 0) {
      session.sql("queue.restore").with(id).with(name).run();
      update(session);
    }
  }

  private int update(Session session) throws SQLException {
    Stmt update = session.sql("queue.update");
    for (long count : counts) {
      update.with(count);
    }
    update.with(groupedReady).with(groups).with(instant).with(ordinal).with(turn);
    return update.with(plainTurn).with(plainCredit).with(seen.toBytes()).with(id).run();
  }

  long count(JobState state) {
    return counts[Codes.of(state)];
  }

  /** Jobs in any state but RUNNING. */
  long settled() {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    return all - count(JobState.RUNNING);
  }

  /** Ready jobs without a group. */
  long plainReady() {
    return count(JobState.READY) - groupedReady;
  }

  /** The next place at the end of the lines, for {@code n} jobs: instant first, then sequence. */
  long places(long now, int n) {
    touch();
    if (now > instant) {
      instant = now;
      ordinal = 0;
    }
    long first = (now << PLACE_BITS) + ordinal;
    ordinal += n;
    return first;
  }

  /** The next turn at the end of the ring. */
  long nextTurn() {
    touch();
    return turn++;
  }
}
