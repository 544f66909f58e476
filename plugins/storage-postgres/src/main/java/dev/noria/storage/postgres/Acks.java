package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Lease;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Ends leases (S3), of any kind: the rows are locked in the order of their ids, then judged. */
final class Acks {
  private final Tx tx;
  private final long now;
  private final Map<JobId, JobRow> rows = new HashMap<>();
  private final TreeSet<Integer> freed = new TreeSet<>();

  private Acks(Tx tx, long now) {
    this.tx = tx;
    this.now = now;
  }

  /** Whether an ack is a case for the fast way, as far as it shows. */
  static boolean isPlain(Ack ack) {
    return ack instanceof Ack.Completed completed
        && completed.result() == null
        && completed.followUps().isEmpty()
        && (completed.retention() == null || completed.retention().isZero());
  }

  static List<AckReceipt> run(Tx tx, List<Ack> acks, long now) throws SQLException {
    return acks.isEmpty() ? List.of() : new Acks(tx, now).apply(acks);
  }

  private List<AckReceipt> apply(List<Ack> acks) throws SQLException {
    TreeSet<JobId> ids = new TreeSet<>();
    acks.forEach(ack -> ids.add(ack.lease().id()));
    for (JobRow row : tx.sql("job.lock").ids(ids).all(JobRow::read)) {
      rows.put(row.id, row);
    }
    boolean[] applied = new boolean[acks.size()];
    // Each changes its own rows, so these changes may go over together.
    tx.gather();
    for (int index : order(acks)) {
      Ack ack = acks.get(index);
      JobRow row = rows.get(ack.lease().id());
      if (row != null && is(row, ack.lease())) {
        one(ack, row);
        applied[index] = true;
      }
    }
    tx.send();
    return finish(acks, applied);
  }

  private List<AckReceipt> finish(List<Ack> acks, boolean[] applied) throws SQLException {
    List<NewJob> followUps = new ArrayList<>();
    List<AckReceipt> receipts = new ArrayList<>(acks.size());
    for (int i = 0; i < applied.length; i++) {
      JobId id = acks.get(i).lease().id();
      receipts.add(applied[i] ? AckReceipt.applied(id) : AckReceipt.stale(id));
      if (applied[i]) {
        followUps.addAll(acks.get(i).followUps());
      }
    }
    tellLimited(tx, freed);
    Enqueue.run(tx, followUps, now);
    return receipts;
  }

  /** Where a slot of a limit may be free again, somebody may wait for it. */
  static void tellLimited(Tx tx, Collection<Integer> freed) throws SQLException {
    if (freed.isEmpty()) {
      return;
    }
    Integer[] queues = freed.toArray(new Integer[0]);
    for (int limited : tx.sql("queue.limited").array("int4", queues).all(row -> row.getInt(1))) {
      tx.news().ready(limited);
    }
  }

  /** In order of the call, but keys are touched in theirs. */
  private List<Integer> order(List<Ack> acks) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < acks.size(); i++) {
      order.add(i);
    }
    if (rows.values().stream().filter(row -> row.key != null).count() > 1) {
      order.sort(
          Comparator.<Integer>comparingInt(i -> queue(rows.get(acks.get(i).lease().id())))
              .thenComparing(i -> key(rows.get(acks.get(i).lease().id()))));
    }
    return order;
  }

  private static int queue(@Nullable JobRow row) {
    return row == null ? -1 : row.queue;
  }

  private static String key(@Nullable JobRow row) {
    return row == null || row.key == null ? "" : row.key;
  }

  static boolean is(JobRow row, Lease lease) {
    return row.state == JobState.RUNNING
        && row.epoch == lease.epoch()
        && row.nonce == lease.nonce();
  }

  private void one(Ack ack, JobRow row) throws SQLException {
    freed.add(row.queue);
    tx.ring(row.queue, row.grp);
    if (ack.kind() != Ack.Kind.RELEASED) {
      row.crashes = 0;
    }
    if (ack instanceof Ack.Completed done) {
      new Ending(JobState.COMPLETED, null, done.result(), done.retention()).apply(tx, row, now);
    } else if (ack instanceof Ack.Dead dead) {
      Failures.add(tx, row, dead.error(), now);
      Ending.dead(Reasons.FAILED).apply(tx, row, now);
    } else if (ack instanceof Ack.Cancelled cancelled) {
      Ending.cancelled(cancelled.reason()).apply(tx, row, now);
    } else if (ack instanceof Ack.Retry retry) {
      retry(row, retry);
    } else if (ack instanceof Ack.Released released) {
      release(row, released);
    }
  }

  private void retry(JobRow row, Ack.Retry retry) throws SQLException {
    Failures.add(tx, row, retry.error(), now);
    row.reason = null;
    if (row.has(Flags.CANCEL)) {
      Ending.cancelled(Reasons.CANCELLED).apply(tx, row, now);
    } else {
      Waiting.until(tx, row, retry.at().toEpochMilli(), now);
    }
  }

  private void release(JobRow row, Ack.Released released) throws SQLException {
    row.attempt--;
    if (row.has(Flags.CANCEL)) {
      Ending.cancelled(Reasons.CANCELLED).apply(tx, row, now);
      return;
    }
    row.reason = Ending.words(released.reason());
    Instant at = released.at();
    if (at == null) {
      Waiting.whereItWas(tx, row, now);
    } else {
      Waiting.until(tx, row, at.toEpochMilli(), now);
    }
  }
}
