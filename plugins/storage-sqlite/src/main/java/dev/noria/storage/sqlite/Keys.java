package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries (queue, key) → holder (S1.4). */
final class Keys {
  private Keys() {}

  /** Who holds a key. */
  static Optional<JobId> holder(Tx tx, long queue, String key, long now) throws SQLException {
    return tx.sql("key.of")
        .with(queue)
        .with(key)
        .first(
            row -> {
              long expires = row.getLong(3);
              boolean over = expires >= 0 && expires <= now;
              return over ? Optional.<JobId>empty() : Optional.of(JobId.fromBytes(row.getBytes(1)));
            })
        .flatMap(held -> held);
  }

  /** Makes the entry, replacing an expired one. */
  static void put(Tx tx, long queue, JobKey key, JobId holder, long now) throws SQLException {
    write(tx, "key.put", queue, key, holder, expires(key.policy(), now));
  }

  private static void write(
      Tx tx, String statement, long queue, JobKey key, JobId holder, long expires)
      throws SQLException {
    tx.sql(statement)
        .with(queue)
        .with(key.name())
        .with(holder.toBytes())
        .with(Codes.UNTIL.indexOf(key.policy().until()))
        .with(expires)
        .run();
  }

  private static long expires(KeyPolicy policy, long now) {
    return policy.window() == null ? -1 : now + policy.window().toMillis();
  }

  /** The holder starts, is finished, or is gone: its entry goes if its policy ends by then. */
  static void reached(Tx tx, JobRow row, Until event) throws SQLException {
    JobKey key = key(tx, row);
    if (key != null) {
      reached(tx, row.queue, key, row.id, event);
    }
  }

  static void reached(Tx tx, long queue, JobKey key, JobId holder, Until event)
      throws SQLException {
    tx.sql("key.free")
        .with(queue)
        .with(key.name())
        .with(holder.toBytes())
        .with(Codes.UNTIL.indexOf(event))
        .run();
  }

  /** The holder waits again: it takes its entry back if nobody else has it. */
  static void takeBack(Tx tx, JobRow row) throws SQLException {
    JobKey key = key(tx, row);
    if (key != null && key.policy().until() == Until.STARTED) {
      write(tx, "key.take", row.queue, key, row.id, -1);
    }
  }

  /** For a replay: takes the entry; false when another job has it. */
  static boolean take(Tx tx, JobRow row, long now) throws SQLException {
    JobKey key = key(tx, row);
    if (key == null) {
      return true;
    }
    Optional<JobId> holder = holder(tx, row.queue, key.name(), now);
    if (holder.isPresent() && !holder.get().equals(row.id)) {
      return false;
    }
    put(tx, row.queue, key, row.id, now);
    return true;
  }

  static @Nullable JobKey key(Tx tx, JobRow row) throws SQLException {
    return row.has(Flags.KEYED) ? row.job(tx.mirror().queue(row.queue)).key() : null;
  }
}
