package dev.noria.storage.postgres;

import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The second half of an exchange: leases what was asked for (S2), statement by statement. */
final class Dequeue {
  private static final int PROMOTED = 1_000;

  private final Tx tx;
  private final DequeueRequest request;
  private final long now;
  private final Claim claim;
  private final Report report = new Report();
  private final Set<String> paused = new HashSet<>();
  private final Map<String, QueueRow> queues = new HashMap<>();
  private long nextDue = Long.MAX_VALUE;

  Dequeue(Tx tx, Fast.Ask ask, Marks marks) {
    this.tx = tx;
    this.request = ask.request();
    this.now = ask.now();
    this.claim = new Claim(tx, ask, marks, report);
  }

  Exchange run(List<AckReceipt> receipts) throws SQLException {
    lockQueues();
    for (Demand demand : request.demands()) {
      QueueRow queue = queues.get(demand.queue());
      if (queue == null) {
        continue;
      }
      if (queue.paused) {
        paused.add(queue.name);
        continue;
      }
      take(queue, demand);
      look(queue);
    }
    Instant due = nextDue == Long.MAX_VALUE ? null : Instant.ofEpochMilli(nextDue);
    Instant clock = Instant.ofEpochMilli(tx.sql("session.clock").number(0));
    return new Exchange(receipts, claim.jobs, due, report.ended, paused, clock);
  }

  /** Those that need it, in the order of their numbers. */
  private void lockQueues() throws SQLException {
    Set<Integer> ids = new TreeSet<>();
    for (Demand demand : request.demands()) {
      Integer id = tx.names().ifThere(tx.session(), demand.queue());
      if (id != null) {
        ids.add(id);
      }
    }
    for (int id : ids) {
      QueueRow queue = QueueRow.look(tx.session(), id);
      if (queue.needsLock()) {
        queue = QueueRow.lock(tx.session(), id);
      }
      queues.put(queue.name, queue);
    }
  }

  private void take(QueueRow queue, Demand demand) throws SQLException {
    int left = Math.min(demand.limit(), request.total() - claim.jobs.size());
    if (left <= 0 || claim.full) {
      return;
    }
    Waiting.promote(tx, queue.id, Math.max(PROMOTED, request.total()), now);
    // What was promoted rings at the end of the transaction; the ring wants to hear it now.
    tx.ringNow();
    if (queue.needsLock()) {
      new Ring(tx, queue, claim, now).take(left);
    } else {
      claim.line(queue, null, left);
    }
  }

  /** When the next job of the queue may start. */
  private void look(QueueRow queue) throws SQLException {
    due(tx.sql("dequeue.next_due").with(queue.id).number(-1));
    if (queue.grouped) {
      due(tx.sql("dequeue.next_resume").with(queue.id).number(-1));
    }
  }

  private void due(long at) {
    if (at >= 0) {
      nextDue = Math.min(nextDue, at);
    }
  }
}
