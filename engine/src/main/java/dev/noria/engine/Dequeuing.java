package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.EndedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One look for due jobs (S2): made for one call. */
final class Dequeuing {
  private static final int PROMOTED = 1_000;
  private static final int EXPIRED = 1_000;

  private final World world;
  private final DequeueRequest request;
  private final long now;
  private final List<Taken> jobs;
  private final List<EndedJob> ended = new ArrayList<>();
  private final Set<String> paused = new TreeSet<>(Bytewise.ORDER);
  private long bytes;
  private boolean full;
  private long nextDue = Entry.NONE;

  Dequeuing(World world, DequeueRequest request, long now) {
    this.world = world;
    this.request = request;
    this.now = now;
    this.jobs = new ArrayList<>(Math.min(request.total(), 1_000));
  }

  Granted dequeue(List<AckReceipt> receipts) {
    if (request.total() > 0) {
      for (Demand demand : request.demands()) {
        look(demand);
      }
      for (Demand demand : request.demands()) {
        noteNextDue(world.queues.get(demand.queue()));
      }
    }
    return new Granted(receipts, jobs, request.nonce(), nextDue, ended, paused);
  }

  private void look(Demand demand) {
    NamedQueue queue = world.queues.get(demand.queue());
    if (queue == null) {
      return;
    }
    if (queue.paused) {
      paused.add(queue.name);
    } else {
      promote(queue);
      take(queue, Math.min(demand.limit(), request.total() - jobs.size()));
    }
  }

  /** The answer, if a look changes nothing; else null. */
  @Nullable Granted answer() {
    if (request.total() > 0) {
      for (Demand demand : request.demands()) {
        NamedQueue queue = world.queues.get(demand.queue());
        if (queue != null && queue.paused) {
          paused.add(queue.name);
        } else if (queue != null && queue.hasDue(now)) {
          return null;
        }
      }
      for (Demand demand : request.demands()) {
        noteNextDue(world.queues.get(demand.queue()));
      }
    }
    return new Granted(List.of(), List.of(), request.nonce(), nextDue, ended, paused);
  }

  private void promote(NamedQueue queue) {
    int most = Math.max(PROMOTED, request.total());
    Entry due;
    while (most-- > 0 && (due = queue.scheduled.firstUntil(now)) != null) {
      world.ready(due, now);
    }
  }

  private void take(NamedQueue queue, int limit) {
    List<Line> aside = List.of();
    int left = limit;
    Line line;
    while (left > 0 && !full && (line = queue.turn(now)) != null) {
      Entry entry = line.first();
      if (entry == null) {
        throw new IllegalStateException("Line " + line.group + " has its turn without a job.");
      }
      if (!entry.isExpired(now)) {
        left -= start(line, entry);
      } else if (ended.size() < EXPIRED) {
        expire(entry);
      } else {
        aside = aside.isEmpty() ? new ArrayList<>() : aside;
        aside.add(queue.ring.setAside());
      }
    }
    if (!aside.isEmpty()) {
      aside.forEach(queue.ring::offer);
      due(now); // what stands behind them has not been looked at
    }
  }

  /** Leases a job if its payload still fits; returns how many were leased. */
  private int start(Line line, Entry entry) {
    bytes += entry.payloadSize();
    if (bytes > request.maxBytes() && !jobs.isEmpty()) {
      full = true;
      return 0;
    }
    Run run = entry.run();
    run.lease(request.owner(), request.nonce(), now, request.expiresAt().toEpochMilli());
    run.epoch++;
    run.attempt++;
    Tokens tokens = line.tokens;
    if (tokens != null) {
      tokens.take();
    }
    world.move(entry, JobState.RUNNING, now);
    line.queue.ring.started(line);
    jobs.add(Taken.of(entry, run));
    return 1;
  }

  private void expire(Entry entry) {
    ended.add(
        new EndedJob(entry.id(), entry.queue(), entry.shape.type, JobState.DEAD, Reasons.EXPIRED));
    world.end(entry, JobState.DEAD, Reasons.EXPIRED, now);
  }

  private void noteNextDue(@Nullable NamedQueue queue) {
    long due = queue == null || queue.paused ? Entry.NONE : queue.nextDue(true);
    if (due != Entry.NONE) {
      due(due);
    }
  }

  private void due(long at) {
    nextDue = nextDue == Entry.NONE ? at : Math.min(nextDue, at);
  }
}
