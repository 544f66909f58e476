package dev.noria.storage.postgres;

import dev.noria.job.QueuePolicy;
import dev.noria.rows.PolicyForm;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One row of the queue table; locked where its turns are used. */
final class QueueRow {
  final int id;
  final String name;
  final boolean paused;
  final boolean grouped;
  final QueuePolicy policy;
  private final boolean ruled;
  private long turn;
  long plainTurn;
  private boolean touched;

  private QueueRow(ResultSet row) throws SQLException {
    id = row.getInt(1);
    name = row.getString(2);
    paused = row.getBoolean(3);
    grouped = row.getBoolean(4);
    byte @Nullable [] bytes = row.getBytes(5);
    ruled = bytes != null;
    policy = bytes == null ? QueuePolicy.UNLIMITED : PolicyForm.read(bytes);
    turn = row.getLong(6);
    plainTurn = row.getLong(7);
  }

  static QueueRow read(ResultSet row) throws SQLException {
    return new QueueRow(row);
  }

  static QueueRow look(Session session, int id) throws SQLException {
    return session.sql("queue.look").with(id).first(QueueRow::read).orElseThrow();
  }

  static QueueRow lock(Session session, int id) throws SQLException {
    return session.sql("queue.lock").with(id).first(QueueRow::read).orElseThrow();
  }

  /** Whether a dequeue must hold the row: for exact limits, and for the turns of groups. */
  boolean needsLock() {
    return grouped || ruled;
  }

  /** The next turn at the end of the ring. */
  long nextTurn() {
    touched = true;
    return turn++;
  }

  void save(Session session) throws SQLException {
    if (touched) {
      session.sql("queue.turns").with(turn).with(plainTurn).with(id).run();
    }
  }
}
