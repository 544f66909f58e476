package dev.noria.storage.sqlite;

import dev.noria.job.Reasons;
import dev.noria.storage.Maintained;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** One round of housekeeping (S5), each part with what is left of the limit. */
final class Maintain {
  private final Tx tx;
  private final int limit;
  private final long now;
  private final Report report = new Report();

  Maintain(Tx tx, int limit, long now) {
    this.tx = tx;
    this.limit = limit;
    this.now = now;
  }

  Maintained run(Set<String> gone, Verify verify) throws SQLException {
    new Reclaim(tx, report, now).run(limit, gone);
    deadlines();
    dependents();
    purge();
    forget();
    verify.page(tx, report, now);
    new Recount(tx, report).page(now);
    // What the page released or ended may have dependents of its own.
    Dependents.settleNews(tx, report, now);
    return report.maintained();
  }

  /** What may still be touched; none left means that there may be more. */
  private int left() {
    int left = limit - report.touched();
    if (left <= 0) {
      report.more = true;
    }
    return Math.max(0, left);
  }

  private void deadlines() throws SQLException {
    int left = left();
    if (left == 0) {
      return;
    }
    for (long seq : tx.sql("job.past_deadline").with(now).with(left).numbers()) {
      JobRow row = Jobs.bySeq(tx.session(), seq);
      if (row != null) {
        report.ended.add(Ending.dead(Reasons.EXPIRED).apply(tx, row, now));
      }
    }
  }

  private void dependents() throws SQLException {
    int left = Math.min(left(), Dependents.BOUND);
    if (left > 0 && Dependents.settle(tx, left, report, now)) {
      report.more = true;
    }
    tx.news().dependents = false;
  }

  private void purge() throws SQLException {
    int left = left();
    if (left == 0) {
      return;
    }
    for (long seq : tx.sql("job.outlived").with(now).with(left).numbers()) {
      JobRow row = Jobs.bySeq(tx.session(), seq);
      if (row != null) {
        Ending.remove(tx, row, now);
        report.purged.add(row.id);
      }
    }
    left();
  }

  /** Small things that have had their time; they are no jobs and count against no limit. */
  private void forget() throws SQLException {
    more(tx.sql("key.expire").with(now).with(limit).run());
    more(tx.sql("register.expire").with(now).with(limit).run());
    tx.sql("call.trim").with(now - Replies.KEPT_MILLIS).with(limit).run();
    tx.sql("signal.trim").with(tx.sql("signal.last").number(0) - Board.KEPT).run();
    EventLog.trim(tx);
    idleGroups();
  }

  private void more(int touched) {
    report.more |= touched == limit;
  }

  private void idleGroups() throws SQLException {
    tx.mirror().flush();
    List<Long> idle = tx.sql("grp.idle").with(limit).numbers();
    for (long id : idle) {
      GroupRow group = tx.mirror().group(id);
      QueueRow queue = tx.mirror().queue(group.queue);
      if (group.isForgettable(queue.policy.of(group.name), now)) {
        tx.sql("grp.delete").with(id).run();
        tx.mirror().forget(group);
        queue.groups--;
        queue.touch();
      }
    }
  }
}
