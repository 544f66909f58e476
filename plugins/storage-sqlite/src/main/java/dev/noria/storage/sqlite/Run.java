package dev.noria.storage.sqlite;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.rows.Codes;
import dev.noria.rows.Pack;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** New jobs that differ only in id and body: one statement stores them all. */
final class Run {
  private static final int WORTH_IT = 4;
  private static final int LENGTH_BITS = 28;

  private final Tx tx;
  private final List<NewJob> jobs;
  private final long now;
  private final QueueRow queue;
  private final long grp;
  private final JobState state;
  private final long due;

  Run(Tx tx, List<NewJob> jobs, long now) throws SQLException {
    this.tx = tx;
    this.jobs = jobs;
    this.now = now;
    NewJob first = jobs.get(0);
    this.queue = tx.mirror().queue(first.queue());
    this.grp = grp(tx, queue, first);
    this.due = due(first, now);
    this.state = due > now ? JobState.SCHEDULED : JobState.READY;
  }

  static long grp(Tx tx, QueueRow queue, NewJob job) throws SQLException {
    return job.group() == null ? 0 : tx.mirror().group(queue, job.group()).id;
  }

  /** When it becomes due: now, unless it says later. */
  static long due(NewJob job, long now) {
    return job.runAt() == null ? now : Math.max(now, job.runAt().toEpochMilli());
  }

  static long flags(NewJob job) {
    return (job.retention().completed().isZero() ? 0 : Flags.KEEP_COMPLETED)
        | (job.retention().failed().isZero() ? 0 : Flags.KEEP_FAILED)
        | (job.key() == null ? 0 : Flags.KEYED)
        | (job.dependencies().isEmpty() ? 0 : Flags.DEPENDS)
        | (job.awaited() ? Flags.AWAITED : 0);
  }

  static long deadline(NewJob job) {
    return job.deadline() == null ? -1 : job.deadline().toEpochMilli();
  }

  static boolean alike(NewJob first, NewJob other, long now) {
    return other.key() == null
        && other.queue().equals(first.queue())
        && Objects.equals(other.group(), first.group())
        && other.priority() == first.priority()
        && other.lifo() == first.lifo()
        && due(other, now) == due(first, now)
        && deadline(other) == deadline(first)
        && flags(other) == flags(first);
  }

  List<EnqueueReceipt> insert() throws SQLException {
    int n = jobs.size();
    long firstSeq = tx.mirror().seqs(n);
    NewJob first = jobs.get(0);
    long place = 0;
    int step = 0;
    if (state == JobState.READY) {
      place = first.lifo() ? -queue.places(now, n) : queue.places(now, n);
      step = first.lifo() ? -1 : 1;
    }
    int stored = n < WORTH_IT ? oneByOne(firstSeq, place, step) : together(firstSeq, place, step);
    Ledger.count(tx, queue, grp, null, state, Moves.fresh(tx, stored));
    if (state == JobState.SCHEDULED && stored > 0) {
      tx.news().due(queue.name, due);
    }
    List<EnqueueReceipt> receipts = new ArrayList<>(n);
    boolean events = EventLog.records(tx, state);
    for (int i = 0; i < n; i++) {
      EnqueueReceipt receipt =
          stored == n
              ? EnqueueReceipt.enqueued(jobs.get(i).id())
              : receipt(jobs.get(i), firstSeq + i);
      receipts.add(receipt);
      if (events && receipt.isEnqueued()) {
        NewJob job = jobs.get(i);
        EventLog.add(tx, job.id(), queue.name, job.type(), null, state, now);
      }
    }
    return receipts;
  }

  private EnqueueReceipt receipt(NewJob job, long seq) throws SQLException {
    JobRow row = Jobs.byId(tx.session(), job.id());
    return row == null || row.seq == seq
        ? EnqueueReceipt.enqueued(job.id())
        : EnqueueReceipt.duplicate(job.id(), row.state);
  }

  private int oneByOne(long firstSeq, long place, int step) throws SQLException {
    int stored = 0;
    for (int i = 0; i < jobs.size(); i++) {
      NewJob job = jobs.get(i);
      stored +=
          insertOne(
              tx,
              job,
              firstSeq + i,
              new Spot(queue.id, grp, state, place + (long) i * step, due),
              now);
    }
    return stored;
  }

  /** Where a new job goes. */
  record Spot(long queue, long grp, JobState state, long place, long due) {}

  static int insertOne(Tx tx, NewJob job, long seq, Spot spot, long now) throws SQLException {
    Stmt insert = tx.sql("job.insert");
    insert.with(seq).with(job.id().toBytes()).with(spot.queue()).with(spot.grp());
    insert.with(Codes.of(spot.state())).with(JobRow.rank(job.priority(), job.lifo()));
    insert.with(spot.place()).with(spot.due()).with(now).with(flags(job)).with(deadline(job));
    return insert.with(Body.pack(job)).run();
  }

  private int together(long firstSeq, long place, int step) throws SQLException {
    NewJob first = jobs.get(0);
    Pack all = new Pack(jobs.size() * (first.payload().size() + 80));
    StringBuilder parts = new StringBuilder(jobs.size() * 14).append('[');
    for (int i = 0; i < jobs.size(); i++) {
      long start = all.size();
      all.id(jobs.get(i).id());
      Body.packInto(all, jobs.get(i));
      parts.append(i == 0 ? "" : ",").append((start << LENGTH_BITS) | (all.size() - start));
    }
    Stmt insert = tx.sql("job.insert_run");
    insert.with(firstSeq).with(all.toBytes()).with(queue.id).with(grp).with(Codes.of(state));
    insert.with(JobRow.rank(first.priority(), first.lifo())).with(place).with(due).with(now);
    insert.with(flags(first)).with(deadline(first));
    return insert.with(parts.append(']').toString()).with(step).run();
  }
}
