package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.Reasons;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One round of housekeeping (S5): each part is a transaction of its own, with what is left of the
 * limit. Rows that others have locked are left to them, so nobody waits for it.
 */
final class Maintain {
  private static final long KEPT_MILLIS = 86_400_000;

  private final Server server;
  private final Units units;
  private final int limit;
  private final long now;
  private final Report report = new Report();

  /** What a part of this round failed with. */
  private @Nullable StorageException first;

  /** A part of the round. */
  private interface Part {
    void run(Tx tx, Report own) throws SQLException;
  }

  Maintain(Server server, Units units, int limit, long now) {
    this.server = server;
    this.units = units;
    this.limit = limit;
    this.now = now;
  }

  Maintained run(Verify verify) {
    attempt(() -> part((tx, own) -> new Reclaim(tx, own, now).run(limit)));
    int left = left();
    if (left > 0) {
      attempt(() -> part((tx, own) -> deadlines(tx, own, left)));
    }
    attempt(this::dependents);
    attempt(this::purge);
    attempt(() -> part((tx, own) -> forget(tx, own)));
    attempt(() -> part((tx, own) -> fold(tx)));
    attempt(() -> verify.page(server, units, report, now));
    if (first != null) {
      throw first;
    }
    return report.maintained();
  }

  /** A part that fails keeps no other from its turn, unless the server is away. */
  private void attempt(Runnable part) {
    try {
      part.run();
    } catch (StorageException e) {
      if (e.kind() == Kind.UNAVAILABLE) {
        throw e;
      }
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
    }
  }

  private void part(Part part) {
    Report own = new Report();
    units.run(
        now,
        report,
        tx -> {
          own.clear();
          part.run(tx, own);
          return own;
        });
    report.add(own);
  }

  /** What may still be touched; none left means that there may be more. */
  private int left() {
    int left = limit - report.touched();
    if (left <= 0) {
      report.more = true;
    }
    return Math.max(0, left);
  }

  private void deadlines(Tx tx, Report own, int left) throws SQLException {
    List<JobId> past = tx.sql("job.past_deadline").with(now).with(left).ids();
    for (JobRow row : Jobs.lockUnfinished(tx, past)) {
      own.ended.add(Ending.dead(Reasons.EXPIRED).apply(tx, row, now));
    }
  }

  private void dependents() {
    int left = Math.min(left(), Dependents.BOUND);
    if (left > 0 && units.settleAll(left, report, now)) {
      report.more = true;
    }
  }

  private void purge() {
    int left = left();
    if (left == 0) {
      return;
    }
    part(
        (tx, own) -> {
          List<JobId> outlived = tx.sql("done.outlived").with(now).with(left).ids();
          for (JobRow row : new ArrayList<>(Jobs.lock(tx, outlived).values())) {
            Ending.remove(tx, row, now);
            own.purged.add(row.id);
          }
        });
    left();
  }

  /** Small things that have had their time; they are no jobs and count against no limit. */
  private void forget(Tx tx, Report own) throws SQLException {
    own.more |= tx.sql("key.expire").with(now).with(limit).run() == limit;
    own.more |= tx.sql("register.expire").with(now).with(limit).run() == limit;
    tx.sql("call.trim").with(now - KEPT_MILLIS).with(limit).run();
    if (tx.events() != 0) {
      EventLog.trim(tx.session());
    }
  }

  private void fold(Tx tx) throws SQLException {
    if (tx.sql("tally.alone").isTrue()) {
      tx.sql("tally.fold").run();
      tx.sql("worker.trim").with(now - KEPT_MILLIS).run();
      idleGroups(tx);
    }
  }

  private void idleGroups(Tx tx) throws SQLException {
    List<GroupRow> idle = tx.sql("grp.idle").with(limit).all(GroupRow::read);
    int queue = -1;
    QueueRow row = null;
    for (GroupRow group : idle) {
      if (row == null || queue != group.queue) {
        row = tx.sql("queue.lock_free").with(group.queue).first(QueueRow::read).orElse(null);
        queue = group.queue;
      }
      GroupRow current =
          row == null
              ? null
              : tx.sql("grp.of").with(queue).with(group.name).first(GroupRow::read).orElse(null);
      if (row != null && current != null && current.isForgettable(row.policy.of(group.name), now)) {
        tx.sql("grp.delete").with(queue).with(group.name).run();
      }
    }
  }
}
