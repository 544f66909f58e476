package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries (queue, key) → holder (S1.4). Who changes the entry of an unfinished holder has the
 * row of the holder locked, so an entry stands still under that lock.
 */
final class Keys {
  private Keys() {}

  /** Who holds a key. */
  static Optional<JobId> holder(Tx tx, int queue, String key, long now) throws SQLException {
    return tx.sql("key.of")
        .with(queue)
        .with(key)
        .first(
            row -> {
              long expires = row.getLong(3);
              boolean over = expires >= 0 && expires <= now;
              return over ? Optional.<JobId>empty() : Optional.of(Stmt.id(row, 1));
            })
        .flatMap(held -> held);
  }

  /**
   * Takes the entry where there is none, or one that is over; false when somebody has it. Waits for
   * a transaction that is just making or deleting it.
   */
  static boolean take(Tx tx, int queue, JobKey key, JobId holder, long now) throws SQLException {
    long expires = expires(key.policy(), now);
    int until = Codes.UNTIL.indexOf(key.policy().until());
    boolean made =
        tx.sql("key.take").with(queue).with(key.name()).with(holder).with(until).with(expires).run()
            > 0;
    return made
        || tx.sql("key.over")
                .with(holder)
                .with(until)
                .with(expires)
                .with(queue)
                .with(key.name())
                .with(now)
                .run()
            > 0;
  }

  private static long expires(KeyPolicy policy, long now) {
    return policy.window() == null ? -1 : now + policy.window().toMillis();
  }

  /** The holder starts, is finished, or is gone: its entry goes if its policy ends by then. */
  static void reached(Tx tx, JobRow row, Until event) throws SQLException {
    if (row.key != null) {
      tx.sql("key.free")
          .with(row.queue)
          .with(row.key)
          .with(row.id)
          .with(Codes.UNTIL.indexOf(event))
          .run();
    }
  }

  /** The holder waits again: it takes its entry back if nobody else has it. */
  static void takeBack(Tx tx, JobRow row, long now) throws SQLException {
    JobKey key = of(tx, row);
    if (key != null && key.policy().until() == Until.STARTED) {
      take(tx, row.queue, key, row.id, now);
    }
  }

  /** For a replay: takes the entry unless it is there already; false when another job has it. */
  static boolean takeAgain(Tx tx, JobRow row, long now) throws SQLException {
    JobKey key = of(tx, row);
    while (key != null && !take(tx, row.queue, key, row.id, now)) {
      Optional<JobId> holder = holder(tx, row.queue, key.name(), now);
      if (holder.isPresent()) {
        return holder.get().equals(row.id);
      }
    }
    return true;
  }

  static @Nullable JobKey of(Tx tx, JobRow row) throws SQLException {
    return row.key == null ? null : row.job(tx.names().name(tx.session(), row.queue)).key();
  }
}
