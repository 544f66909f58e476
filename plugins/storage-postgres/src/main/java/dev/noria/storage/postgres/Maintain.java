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

  /** Finds jobs to change, as many as are left of the limit. */
  private interface Find {
    List<JobId> in(Session session) throws SQLException;
  }

  /** Changes some of them, if they still are what was looked for. */
  private interface Change {
    void on(Tx tx, Report own, List<JobId> ids) throws SQLException;
  }

  Maintain(Server server, Units units, int limit, long now) {
    this.server = server;
    this.units = units;
    this.limit = limit;
    this.now = now;
  }

  Maintained run(Verify verify) {
    attempt(() -> each(this::expired, this::reclaim));
    attempt(() -> each(this::overdue, this::endOverdue));
    attempt(this::dependents);
    attempt(() -> each(this::outlived, this::purge));
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

  /** All in one unit; where one of them spoils that, each in its own. */
  private void each(Find find, Change change) {
    if (left() == 0) {
      return;
    }
    try {
      part((tx, own) -> change.on(tx, own, find.in(tx.session())));
    } catch (StorageException e) {
      if (e.kind() == Kind.UNAVAILABLE) {
        throw e;
      }
      server.log().debug("A part of maintenance goes on one by one", e);
      for (JobId id : server.apart(find::in)) {
        attempt(() -> part((tx, own) -> change.on(tx, own, List.of(id))));
      }
    }
    left();
  }

  private List<JobId> expired(Session session) throws SQLException {
    session.sql("session.reclaiming").execute();
    int left = limit - report.touched();
    return session.sql("job.expired_leases").with(now).with(left).with(left).ids();
  }

  private void reclaim(Tx tx, Report own, List<JobId> ids) throws SQLException {
    tx.sql("session.reclaiming").execute();
    new Reclaim(tx, own, now).take(ids);
  }

  private List<JobId> overdue(Session session) throws SQLException {
    return session.sql("job.past_deadline").with(now).with(limit - report.touched()).ids();
  }

  private List<JobId> outlived(Session session) throws SQLException {
    return session.sql("done.outlived").with(now).with(limit - report.touched()).ids();
  }

  /** What may still be touched; none left means that there may be more. */
  private int left() {
    int left = limit - report.touched();
    if (left <= 0) {
      report.more = true;
    }
    return Math.max(0, left);
  }

  private void endOverdue(Tx tx, Report own, List<JobId> ids) throws SQLException {
    for (JobRow row : Jobs.lockUnfinished(tx, ids)) {
      if (row.state.isWaiting() && row.deadline >= 0 && row.deadline < now) {
        own.ended.add(Ending.dead(Reasons.EXPIRED).apply(tx, row, now));
      }
    }
  }

  private void dependents() {
    int left = Math.min(left(), Dependents.BOUND);
    if (left > 0 && units.settleAll(left, report, now)) {
      report.more = true;
    }
  }

  private void purge(Tx tx, Report own, List<JobId> ids) throws SQLException {
    for (JobRow row : new ArrayList<>(Jobs.lock(tx, ids).values())) {
      if (row.state.isFinished() && row.gone <= now) {
        Ending.remove(tx, row, now);
        own.purged.add(row.id);
      }
    }
  }

  /** Small things that have had their time; they are no jobs and count against no limit. */
  private void forget(Tx tx, Report own) throws SQLException {
    own.more |= tx.sql("key.expire").with(now).with(limit).run() == limit;
    own.more |= tx.sql("register.expire").with(now).with(limit).run() == limit;
    tx.sql("call.trim").with(now - KEPT_MILLIS).with(limit).run();
    tx.sql("back.trim").run();
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
