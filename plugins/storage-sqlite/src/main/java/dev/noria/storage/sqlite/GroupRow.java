package dev.noria.storage.sqlite;

import dev.noria.job.GroupPolicy;
import dev.noria.job.GroupPolicy.StartRate;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One row of the group table, as it will be when the transaction commits. */
final class GroupRow extends Row {
  final long id;
  final long queue;
  final String name;
  long ready;
  long running;
  long total;
  long turn;
  long credit;
  boolean open;
  private long tokens;
  private long per;
  private long filled = -1;
  long resume = -1;

  /** Ready, running, all. */
  final Tally seen = new Tally(3);

  GroupRow(long id, long queue, String name) {
    this.id = id;
    this.queue = queue;
    this.name = name;
  }

  static GroupRow read(ResultSet row) throws SQLException {
    GroupRow group = new GroupRow(row.getLong(1), row.getLong(2), row.getString(3));
    group.ready = row.getLong(4);
    group.running = row.getLong(5);
    group.total = row.getLong(6);
    group.turn = row.getLong(7);
    group.credit = row.getLong(8);
    group.open = row.getLong(9) != 0;
    group.tokens = row.getLong(10);
    group.per = row.getLong(11);
    group.filled = row.getLong(12);
    group.resume = row.getLong(13);
    group.seen.read(row.getBytes(14));
    return group;
  }

  @Override
  void write(Session session) throws SQLException {
    Stmt update = session.sql("grp.update");
    update.with(ready).with(running).with(total).with(turn).with(credit).with(open ? 1 : 0);
    update.with(tokens).with(per).with(filled).with(resume);
    update.with(seen.toBytes()).with(id).run();
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
    touch();
  }

  /** Takes the tokens of {@code n} starts, after {@link #startable}. */
  void start(@Nullable StartRate rate, long n) {
    if (rate != null) {
      tokens -= n * per;
      touch();
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
    return total == 0 && (rate == null || startable(rate, now) >= rate.burst());
  }
}
