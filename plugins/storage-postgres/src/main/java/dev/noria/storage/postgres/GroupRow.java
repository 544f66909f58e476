package dev.noria.storage.postgres;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One row of the group table; its queue's row is locked. */
final class GroupRow {
  final int queue;
  final String name;
  long turn;
  long credit;
  boolean open;
  private long tokens;
  private long per;
  private long filled;
  long resume;

  private GroupRow(ResultSet row) throws SQLException {
    queue = row.getInt(1);
    name = row.getString(2);
    turn = row.getLong(3);
    credit = row.getLong(4);
    open = row.getBoolean(5);
    tokens = row.getLong(6);
    per = row.getLong(7);
    filled = row.getLong(8);
    resume = row.getLong(9);
  }

  static GroupRow read(ResultSet row) throws SQLException {
    return new GroupRow(row);
  }

  void save(Session session) throws SQLException {
    Stmt update = session.sql("grp.update").with(turn).with(credit).with(open);
    update.with(tokens).with(per).with(filled).with(resume).with(queue).with(name).run();
  }

  /**
   * How many jobs the start rate lets start now. Levels are whole numbers of 1/per tokens, so that
   * nothing is lost by rounding.
   */
  long startable(@Nullable StartRate rate, long now) {
    if (rate == null) {
      return Long.MAX_VALUE;
    }
    refill(rate, now);
    return tokens / per;
  }

  private void refill(StartRate rate, long now) {
    long span = rate.per().toMillis();
    long full = span * rate.burst();
    if (filled < 0) {
      tokens = full;
    } else {
      long level = per == span ? tokens : Math.round((double) tokens / per * span);
      long elapsed = Math.max(0, now - filled);
      boolean fills = elapsed >= (full - Math.min(level, full)) / rate.permits() + 1;
      tokens = fills ? full : Math.min(full, level + elapsed * rate.permits());
    }
    per = span;
    filled = Math.max(filled, now);
  }

  /** Takes the tokens of {@code n} starts, after {@link #startable}. */
  void start(@Nullable StartRate rate, long n) {
    if (rate != null) {
      tokens -= n * per;
    }
  }

  /** When the next token is there, after {@link #startable} said none. */
  long nextToken(StartRate rate) {
    long missing = per - tokens;
    return filled + (missing + rate.permits() - 1) / rate.permits();
  }

  /** Whether nothing would be lost by forgetting the row. */
  boolean isForgettable(GroupPolicy policy, long now) {
    StartRate rate = policy.startRate();
    return !open && resume < 0 && (rate == null || startable(rate, now) >= rate.burst());
  }
}
