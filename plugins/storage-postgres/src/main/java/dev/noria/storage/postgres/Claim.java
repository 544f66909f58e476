package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.NewJob;
import dev.noria.job.Reasons;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.LeasedJob;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Leases jobs of lines, from their heads, within the bounds of one request (S2.2–S2.6). */
final class Claim {
  /** How many jobs one call ends because their deadline has passed. */
  private static final int MOST_ENDED = 1_000;

  private final Tx tx;
  private final Marks marks;
  private final DequeueRequest request;
  private final long call;
  private final long now;
  private final Report report;
  final List<LeasedJob> jobs = new ArrayList<>();
  private long bytes;
  private int ended;

  /** Whether the bytes are used up, so that nothing more is to be looked for. */
  boolean full;

  Claim(Tx tx, Fast.Ask ask, Marks marks, Report report) {
    this.tx = tx;
    this.marks = marks;
    this.call = Replies.mark(ask.call());
    this.request = ask.request();
    this.report = report;
    this.now = ask.now();
  }

  /**
   * Leases at most {@code limit} jobs of one line, null for the one without group; says how many.
   */
  int line(QueueRow queue, @Nullable String grp, int limit) throws SQLException {
    int taken = 0;
    int skipped = 0;
    while (taken < limit && !full) {
      int wanted = limit - taken;
      List<JobRow> found = candidates(queue, grp, wanted, skipped);
      List<JobId> page = new ArrayList<>();
      for (JobRow row : found) {
        if (!full && !take(queue, row, page)) {
          skipped += end(row) ? 0 : 1;
        }
      }
      // Before the next look, which sees what others have committed meanwhile, and would find the
      // taken ones in other places.
      lease(queue, page);
      taken += page.size();
      if (found.size() < wanted) {
        break;
      }
    }
    return taken;
  }

  private List<JobRow> candidates(QueueRow queue, @Nullable String grp, int limit, int offset)
      throws SQLException {
    if (grp == null) {
      Stmt look = parts(queue).bindOfOne(tx.sql("dequeue.plain")).with(queue.id);
      return look.with(limit + offset).with(limit).with(offset).all(JobRow::read);
    }
    Stmt look = tx.sql("dequeue.group").with(queue.id).with(grp);
    return look.with(limit).with(offset).all(JobRow::read);
  }

  /** Where living rows are, those included that came back to places that are passed. */
  private Parts parts(QueueRow queue) throws SQLException {
    Parts parts = marks.of(queue.id);
    if (parts.size() > 1) {
      tx.sql("back.of")
          .with(queue.id)
          .all(row -> new long[] {row.getInt(1), row.getLong(2)})
          .forEach(back -> parts.addPoint(queue.id, (int) back[0], back[1]));
    }
    return parts;
  }

  private void lease(QueueRow queue, List<JobId> taken) throws SQLException {
    if (taken.isEmpty()) {
      return;
    }
    tx.count(queue.id, JobState.READY, JobState.RUNNING, taken.size());
    tx.sql("dequeue.lease")
        .with(queue.id)
        .ids(taken)
        .with(request.nonce())
        .with(call)
        .with(request.expiresAt().toEpochMilli())
        .with(now)
        .ids(taken)
        .run();
  }

  /** Takes the job, or says that it must end instead. */
  private boolean take(QueueRow queue, JobRow row, List<JobId> taken) throws SQLException {
    if (isExpired(row)) {
      return false;
    }
    NewJob job;
    try {
      job = row.intact(queue.name);
    } catch (RuntimeException e) {
      return false;
    }
    int size = job.payload().size();
    if (bytes + size > request.maxBytes() && !jobs.isEmpty()) {
      full = true;
      return true;
    }
    bytes += size;
    taken.add(row.id);
    if (row.grp == null) {
      marks.leased(row.queue, row.rank, row.place);
    }
    jobs.add(Views.leasedNext(row, job, request.nonce()));
    if (row.key != null) {
      Keys.reached(tx, row, Until.STARTED);
    }
    if (EventLog.records(tx, JobState.RUNNING)) {
      EventLog.add(tx, row, JobState.READY, JobState.RUNNING, now);
    }
    return true;
  }

  private boolean isExpired(JobRow row) {
    return row.deadline >= 0 && row.deadline < now;
  }

  /** Ends a job that is expired or damaged; false when this call has ended enough. */
  private boolean end(JobRow row) throws SQLException {
    if (ended == MOST_ENDED) {
      return false;
    }
    ended++;
    Ending ending = Ending.dead(isExpired(row) ? Reasons.EXPIRED : Reasons.CORRUPT);
    report.ended.add(ending.apply(tx, row, now));
    return true;
  }
}
