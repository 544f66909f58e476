package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Leases jobs of lines, from their heads, within the bounds of one request (S2.2–S2.6). */
final class Claim {
  /** How many jobs one call ends because their deadline has passed. */
  private static final int MOST_ENDED = 1_000;

  private final Tx tx;
  private final DequeueRequest request;
  private final long now;
  private final Report report;
  final List<LeasedJob> jobs = new ArrayList<>();
  private long bytes;
  private int ended;

  /** Whether the bytes are used up, so that nothing more is to be looked for. */
  boolean full;

  /** The head of a line, as far as a lease needs it. */
  private static final class Candidate {
    final long seq;
    final JobId id;
    final int rank;
    final long enqueued;
    final long flags;
    final int attempt;
    final int crashes;
    final int generation;
    final long epoch;
    final long deadline;
    final byte[] body;

    Candidate(ResultSet row) throws SQLException {
      seq = row.getLong(1);
      id = JobId.fromBytes(row.getBytes(2));
      rank = row.getInt(3);
      enqueued = row.getLong(4);
      flags = row.getLong(5);
      attempt = row.getInt(6);
      crashes = row.getInt(7);
      generation = row.getInt(8);
      epoch = row.getLong(9);
      deadline = row.getLong(10);
      body = Stmt.bytes(row, 11);
    }

    boolean isExpired(long now) {
      return deadline >= 0 && deadline < now;
    }
  }

  Claim(Tx tx, DequeueRequest request, Report report, long now) {
    this.tx = tx;
    this.request = request;
    this.report = report;
    this.now = now;
  }

  /** Leases at most {@code limit} jobs of one line; says how many. */
  int line(QueueRow queue, long grp, int limit) throws SQLException {
    List<Long> taken = new ArrayList<>();
    int skipped = 0;
    while (taken.size() < limit && !full) {
      int wanted = limit - taken.size();
      List<Candidate> found = candidates(queue, grp, wanted, taken.size() + skipped);
      for (Candidate candidate : found) {
        if (!full && !take(queue, candidate, taken)) {
          skipped += end(candidate) ? 0 : 1;
        }
      }
      if (found.size() < wanted) {
        break;
      }
    }
    if (!taken.isEmpty()) {
      lease(taken);
      Ledger.count(tx, queue, grp, JobState.READY, JobState.RUNNING, Moves.of(tx, taken));
    }
    return taken.size();
  }

  private List<Candidate> candidates(QueueRow queue, long grp, int limit, int offset)
      throws SQLException {
    return tx.sql("dequeue.line")
        .with(queue.id)
        .with(grp)
        .with(limit)
        .with(offset)
        .all(Candidate::new);
  }

  private void lease(List<Long> taken) throws SQLException {
    tx.sql("dequeue.lease")
        .with(request.nonce())
        .with(tx.mirror().owner(tx.place().instance(), request.owner()))
        .with(request.expiresAt().toEpochMilli())
        .with(now)
        .with(Jobs.array(taken))
        .run();
  }

  /** Takes the job, or says that it must end instead. */
  private boolean take(QueueRow queue, Candidate candidate, List<Long> taken) throws SQLException {
    if (candidate.isExpired(now)) {
      return false;
    }
    NewJob job;
    try {
      job =
          Body.unpack(candidate.body, candidate.id, queue.name)
              .priority(JobRow.priority(candidate.rank))
              .build();
    } catch (RuntimeException e) {
      return false;
    }
    int size = job.payload().size();
    if (bytes + size > request.maxBytes() && !jobs.isEmpty()) {
      full = true;
      return true;
    }
    bytes += size;
    taken.add(candidate.seq);
    jobs.add(leased(candidate, job));
    JobKey key = job.key();
    if (key != null) {
      Keys.reached(tx, queue.id, key, job.id(), Until.STARTED);
    }
    if (EventLog.records(tx, JobState.RUNNING)) {
      EventLog.add(tx, job.id(), queue.name, job.type(), JobState.READY, JobState.RUNNING, now);
    }
    return true;
  }

  private LeasedJob leased(Candidate from, NewJob job) {
    Instant enqueuedAt = Instant.ofEpochMilli(from.enqueued);
    return new LeasedJob(
        new Lease(job.id(), from.epoch + 1, request.nonce(), Locator.of(from.seq)),
        job.type(),
        job.queue(),
        job.payload(),
        job.headers(),
        from.attempt + 1,
        job.maxAttempts(),
        from.crashes,
        from.generation,
        job.priority(),
        job.group(),
        job.limitKey(),
        enqueuedAt,
        job.runAt() == null ? enqueuedAt : job.runAt(),
        job.timeout(),
        job.deadline(),
        job.retention(),
        (from.flags & Flags.AWAITED) != 0);
  }

  /** Ends a job that is expired or damaged; false when this call has ended enough. */
  private boolean end(Candidate candidate) throws SQLException {
    if (ended == MOST_ENDED) {
      return false;
    }
    JobRow row = Jobs.bySeq(tx.session(), candidate.seq);
    if (row == null) {
      return false;
    }
    ended++;
    boolean expired = candidate.isExpired(now);
    Ending ending = Ending.dead(expired ? Reasons.EXPIRED : Reasons.CORRUPT);
    report.ended.add(ending.apply(tx, row, now));
    return true;
  }
}
