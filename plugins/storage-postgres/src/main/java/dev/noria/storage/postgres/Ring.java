package dev.noria.storage.postgres;

import dev.noria.job.GroupPolicy;
import dev.noria.job.QueuePolicy;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Shares a queue among its groups: weighted round-robin over those that may run (S2.5). The row of
 * the queue is locked, so that limits are exact. Groups that are at a limit are not in the ring, so
 * they cost nothing to those behind them; a bell brings them back.
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
      long running = tx.sql("queue.running").with(queue.id).number(0);
      left = (int) Math.min(left, policy.maxRunning() - running);
    }
    if (!queue.grouped) {
      if (left > 0) {
        claim.line(queue, null, left);
      }
      return;
    }
    answerBells();
    resume();
    go(left);
    queue.save(tx.session());
  }

  private void go(int limit) throws SQLException {
    int left = limit;
    boolean plain = true;
    while (left > 0 && !claim.full) {
      Optional<GroupRow> head = tx.sql("grp.head").with(queue.id).first(GroupRow::read);
      if (head.isEmpty() && !plain) {
        return;
      }
      if (head.isEmpty() || (plain && queue.plainTurn < head.get().turn)) {
        int taken = claim.line(queue, null, head.isEmpty() ? left : 1);
        plain = taken > 0 && head.isPresent();
        if (taken > 0) {
          queue.plainTurn = queue.nextTurn();
        }
        left -= taken;
      } else {
        left -= takeGroup(head.get(), left);
      }
    }
  }

  /** Brings those into the ring that have work, or a slot, again. */
  private void answerBells() throws SQLException {
    Set<String> rung =
        new LinkedHashSet<>(tx.sql("bell.answer").with(queue.id).all(row -> row.getString(1)));
    for (String group : rung) {
      tx.sql("grp.open").with(queue.id).with(group).with(queue.nextTurn()).run();
    }
  }

  /** Brings those back whose next token is there. */
  private void resume() throws SQLException {
    for (GroupRow group : tx.sql("grp.resumable").with(queue.id).with(now).all(GroupRow::read)) {
      group.resume = -1;
      group.open = true;
      group.turn = queue.nextTurn();
      group.credit = 0;
      group.save(tx.session());
    }
  }

  private int takeGroup(GroupRow group, int limit) throws SQLException {
    GroupPolicy own = policy.of(group.name);
    long allowed =
        own.maxRunning() == 0
            ? limit
            : own.maxRunning() - tx.sql("grp.running").with(queue.id).with(group.name).number(0);
    long startable = group.startable(own.startRate(), now);
    if (allowed <= 0 || startable == 0) {
      group.open = false;
      group.resume =
          allowed <= 0 || own.startRate() == null || isEmpty(group)
              ? -1
              : group.nextToken(own.startRate());
      group.save(tx.session());
      return 0;
    }
    if (group.credit == 0) {
      group.credit = own.weight();
    }
    long n = Math.min(Math.min(limit, group.credit), Math.min(allowed, startable));
    int taken = claim.line(queue, group.name, (int) n);
    group.start(own.startRate(), taken);
    group.credit -= taken;
    boolean over = taken < n && !claim.full;
    if (group.credit <= 0 || over) {
      group.credit = 0;
      group.turn = queue.nextTurn();
    }
    if (over) {
      leave(group);
    }
    group.save(tx.session());
    return taken;
  }

  /** Out of the ring: for good when it has no work, else until the next look at locked rows. */
  private void leave(GroupRow group) throws SQLException {
    group.open = false;
    group.resume = isEmpty(group) ? -1 : now;
  }

  private boolean isEmpty(GroupRow group) throws SQLException {
    return !tx.sql("dequeue.any_of_group").with(queue.id).with(group.name).isTrue();
  }
}
