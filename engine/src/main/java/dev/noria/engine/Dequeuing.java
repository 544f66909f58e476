package dev.noria.engine;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One look for due jobs (S2): made for one call. */
final class Dequeuing {
  private static final int PROMOTED = 1_000;
  private static final int EXPIRED = 1_000;

  private final World world;
  private final DequeueRequest request;
  private final Instant now;
  private final List<LeasedJob> jobs;
  private final List<EndedJob> ended = new ArrayList<>();
  private final Set<String> paused = new HashSet<>();
  private long bytes;
  private boolean full;
  private @Nullable Instant nextDue;

  Dequeuing(World world, DequeueRequest request, Instant now) {
    this.world = world;
    this.request = request;
    this.now = now;
    this.jobs = new ArrayList<>(Math.min(request.total(), 1_000));
  }

  Exchange dequeue(long client, List<AckReceipt> receipts) {
    if (request.total() > 0 && !request.demands().isEmpty()) {
      List<NamedQueue> queues = new ArrayList<>(request.demands().size());
      for (Demand demand : request.demands()) {
        NamedQueue queue = look(demand);
        Outbox.unpark(client, queue);
        queues.add(queue);
      }
      queues.forEach(this::noteNextDue);
      if (request.park() && jobs.size() < request.total()) {
        Outbox.park(client, queues);
      }
    }
    return new Exchange(receipts, jobs, nextDue, ended, paused, null);
  }

  private NamedQueue look(Demand demand) {
    NamedQueue queue = world.queue(demand.queue());
    if (queue.paused) {
      paused.add(queue.name);
    } else {
      promote(queue);
      take(queue, Math.min(demand.limit(), request.total() - jobs.size()));
    }
    return queue;
  }

  private void promote(NamedQueue queue) {
    int most = Math.max(PROMOTED, request.total());
    long until = now.toEpochMilli();
    Entry due;
    while (most-- > 0 && (due = queue.scheduled.firstUntil(until)) != null) {
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
    aside.forEach(queue.ring::offer);
  }

  /** Leases a job if its payload still fits; returns how many were leased. */
  private int start(Line line, Entry entry) {
    bytes += entry.job.payload().size();
    if (bytes > request.maxBytes() && !jobs.isEmpty()) {
      full = true;
      return 0;
    }
    entry.run = new Run(request.owner(), request.nonce(), now, request.expiresAt());
    entry.epoch++;
    entry.attempt++;
    Tokens tokens = line.tokens;
    if (tokens != null) {
      tokens.take();
    }
    world.move(entry, JobState.RUNNING, now);
    line.queue.ring.started(line);
    jobs.add(entry.leased(request.nonce()));
    return 1;
  }

  private void expire(Entry entry) {
    ended.add(
        new EndedJob(
            entry.id(), entry.job.queue(), entry.job.type(), JobState.DEAD, Reasons.EXPIRED));
    world.end(entry, JobState.DEAD, Reasons.EXPIRED, now);
  }

  private void noteNextDue(NamedQueue queue) {
    Instant due = queue.paused ? null : queue.nextDue(true);
    if (due != null && (nextDue == null || due.isBefore(nextDue))) {
      nextDue = due;
    }
  }
}
