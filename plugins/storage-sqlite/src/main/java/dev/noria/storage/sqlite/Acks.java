package dev.noria.storage.sqlite;

import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Lease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ends leases (S3). Completed jobs that are nothing but a row go with one statement for all. */
final class Acks {
  private final Tx tx;
  private final long now;
  private final List<Long> deleted = new ArrayList<>();
  private final Map<Line, Moves> counts = new HashMap<>();
  private final List<NewJob> followUps = new ArrayList<>();

  private record Line(long queue, long grp) {}

  /** A lease as it stands in the table. */
  record Held(long seq, JobId id, long epoch, long nonce, Line line, long flags) {
    static Held read(ResultSet row) throws SQLException {
      return new Held(
          row.getLong(1),
          JobId.fromBytes(row.getBytes(2)),
          row.getLong(3),
          row.getLong(4),
          new Line(row.getLong(5), row.getLong(6)),
          row.getLong(7));
    }

    boolean is(Lease lease) {
      return epoch == lease.epoch() && nonce == lease.nonce() && id.equals(lease.id());
    }
  }

  private Acks(Tx tx, long now) {
    this.tx = tx;
    this.now = now;
  }

  static List<AckReceipt> run(Tx tx, List<Ack> acks, Report report, long now) throws SQLException {
    if (acks.isEmpty()) {
      return List.of();
    }
    return new Acks(tx, now).apply(acks, report);
  }

  private List<AckReceipt> apply(List<Ack> acks, Report report) throws SQLException {
    List<Long> seqs = new ArrayList<>(acks.size());
    for (Ack ack : acks) {
      seqs.add(Locator.seq(tx.session(), ack.lease()));
    }
    Map<Long, Held> held = held(tx.session(), seqs);
    boolean events = EventLog.records(tx, JobState.COMPLETED);
    List<AckReceipt> receipts = new ArrayList<>(acks.size());
    for (int i = 0; i < acks.size(); i++) {
      Ack ack = acks.get(i);
      JobId id = ack.lease().id();
      Held lease = held.get(seqs.get(i));
      if (lease == null || !lease.is(ack.lease())) {
        receipts.add(AckReceipt.stale(id));
        continue;
      }
      held.remove(lease.seq());
      boolean counted = Ledger.isThere(tx, lease.line().grp());
      if (isPlain(ack, lease) && !events && counted) {
        deleted.add(lease.seq());
        counts.merge(lease.line(), Moves.one(tx, lease.seq()), Moves::plus);
      } else {
        one(ack, lease.seq());
      }
      followUps.addAll(ack.followUps());
      receipts.add(AckReceipt.applied(id));
    }
    finish(report);
    return receipts;
  }

  static Map<Long, Held> held(Session session, List<Long> seqs) throws SQLException {
    Map<Long, Held> held = new HashMap<>(seqs.size() * 2);
    for (Held lease : session.sql("ack.check").with(Jobs.array(seqs)).all(Held::read)) {
      held.put(lease.seq(), lease);
    }
    return held;
  }

  private static boolean isPlain(Ack ack, Held lease) {
    return ack instanceof Ack.Completed completed
        && (lease.flags() & Flags.MORE_THAN_A_ROW) == 0
        && (completed.retention() == null || completed.retention().isZero());
  }

  private void finish(Report report) throws SQLException {
    if (!deleted.isEmpty()) {
      tx.sql("job.delete_all").with(Jobs.array(deleted)).run();
    }
    for (Map.Entry<Line, Moves> count : counts.entrySet()) {
      Line line = count.getKey();
      QueueRow queue = tx.mirror().queue(line.queue());
      Ledger.count(tx, queue, line.grp(), JobState.RUNNING, null, count.getValue());
    }
    if (!followUps.isEmpty()) {
      Enqueue.run(tx, followUps, now);
    }
    Dependents.settleNews(tx, report, now);
  }

  private void one(Ack ack, long seq) throws SQLException {
    JobRow row = Jobs.bySeq(tx.session(), seq);
    if (row == null) {
      throw new SQLException("A row vanished within its transaction");
    }
    if (ack.kind() != Ack.Kind.RELEASED) {
      row.crashes = 0;
    }
    if (ack instanceof Ack.Completed done) {
      new Ending(JobState.COMPLETED, null, done.result(), done.retention()).apply(tx, row, now);
    } else if (ack instanceof Ack.Dead dead) {
      fail(row, dead.error());
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
    fail(row, retry.error());
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
    row.reason = released.reason();
    Instant at = released.at();
    if (at == null) {
      Waiting.whereItWas(tx, row, now);
    } else {
      Waiting.until(tx, row, at.toEpochMilli(), now);
    }
  }

  private void fail(JobRow row, ErrorInfo error) throws SQLException {
    Failures.add(tx, row, error, now);
  }
}
