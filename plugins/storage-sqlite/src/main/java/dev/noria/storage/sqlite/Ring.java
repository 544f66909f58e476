package dev.noria.storage.sqlite;

import dev.noria.job.GroupPolicy;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Shares a queue among its groups: weighted round-robin over those that may run (S2.5). Groups that
 * are at a limit are not in the ring, so they cost nothing to those behind them.
 */
final class Ring {
  private final Tx tx;
  private final QueueRow queue;
  private final QueuePolicy policy;
  private final Claim claim;
  private final long now;

  Ring(Tx tx, QueueRow queue, Claim claim, long now) {
    this.tx = tx;
    this.queue = queue;
    this.policy = queue.policy;
    this.claim = claim;
    this.now = now;
  }

  void take(int limit) throws SQLException {
    int left = limit;
    if (policy.maxRunning() > 0) {
      left = (int) Math.min(left, policy.maxRunning() - queue.count(JobState.RUNNING));
    }
    if (queue.count(JobState.READY) == 0) {
      return;
    }
    if (queue.groups == 0) {
      if (left > 0) {
        claim.line(queue, 0, left);
      }
      return;
    }
    resume();
    tx.mirror().flush();
    while (left > 0 && !claim.full) {
      GroupRow head = head();
      boolean plain = queue.plainReady() > 0;
      if (head == null && !plain) {
        return;
      }
      left -=
          head == null || (plain && queue.plainTurn < head.turn)
              ? takePlain(left)
              : takeGroup(head, left);
    }
  }

  private @Nullable GroupRow head() throws SQLException {
    long id = tx.sql("grp.head").with(queue.id).number(-1);
    return id < 0 ? null : tx.mirror().group(id);
  }

  /** Brings those back whose next token is there. */
  private void resume() throws SQLException {
    for (long id : tx.sql("grp.resumable").with(queue.id).with(now).numbers()) {
      GroupRow group = tx.mirror().group(id);
      if (group.resume >= 0 && group.resume <= now) {
        group.resume = -1;
        group.open = group.ready > 0;
        group.turn = queue.nextTurn();
        group.credit = 0;
        write(group);
      }
    }
  }

  private int takePlain(int limit) throws SQLException {
    int taken = claim.line(queue, 0, 1);
    if (taken == 0 && !claim.full) {
      // Everything at its head was ended instead; what is left shows in the count.
      return queue.plainReady() > 0 ? limit : 0;
    }
    queue.plainTurn = queue.nextTurn();
    return taken;
  }

  private int takeGroup(GroupRow group, int limit) throws SQLException {
    GroupPolicy own = policy.of(group.name);
    long allowed = own.maxRunning() == 0 ? limit : own.maxRunning() - group.running;
    long startable = group.startable(own.startRate(), now);
    if (allowed <= 0 || startable == 0) {
      group.open = false;
      group.resume =
          allowed <= 0 || own.startRate() == null ? -1 : group.nextToken(own.startRate());
      write(group);
      return 0;
    }
    if (group.credit == 0) {
      group.credit = own.weight();
    }
    long n = Math.min(Math.min(limit, group.credit), Math.min(allowed, startable));
    int taken = claim.line(queue, group.id, (int) n);
    group.start(own.startRate(), taken);
    group.credit -= taken;
    boolean nothing = taken == 0 && !claim.full;
    if (group.credit <= 0 || nothing) {
      group.credit = 0;
      group.turn = queue.nextTurn();
    }
    if (nothing && group.ready > 0) {
      group.open = false;
      group.resume = now;
    }
    write(group);
    return taken;
  }

  /** At once, because the ring is read from the table. */
  private void write(GroupRow group) throws SQLException {
    group.save(tx.session());
  }
}
