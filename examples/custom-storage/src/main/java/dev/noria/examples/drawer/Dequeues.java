package dev.noria.examples.drawer;

import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One dequeue (S2); made for one call. */
final class Dequeues {
  private static final int MOST_ENDED = 1_000;

  private final Drawer drawer;
  private final Ends ends;
  private final DequeueRequest request;
  private final Instant now;
  private long bytes;
  private boolean full;

  final List<LeasedJob> jobs = new ArrayList<>();
  @Nullable Instant nextDue;

  Dequeues(Drawer drawer, Ends ends, DequeueRequest request, Instant now) {
    this.drawer = drawer;
    this.ends = ends;
    this.request = request;
    this.now = now;
  }

  void run() {
    for (Demand demand : request.demands()) {
      Line line = drawer.line(demand.queue());
      for (Entry due = line.due(now); due != null; due = line.due(now)) {
        Entry entry = due;
        drawer.change(entry, () -> drawer.becomeReady(entry, now));
      }
      take(line, Math.min(demand.limit(), request.total() - jobs.size()));
      due(line.nextDue());
    }
  }

  private void due(@Nullable Instant next) {
    nextDue = next == null || (nextDue != null && nextDue.isBefore(next)) ? nextDue : next;
  }

  private void take(Line line, int wanted) {
    int left = wanted;
    for (Entry first = line.first(); first != null && left > 0 && !full; first = line.first()) {
      if (first.isPastDeadline(now)) {
        full = ends.ended.size() >= MOST_ENDED;
        if (full) {
          due(now); // nobody has looked behind this one
        } else {
          ends.end(first, JobState.DEAD, Reasons.EXPIRED, now);
        }
      } else if (fits(first)) {
        lease(first);
        line.next(first.group());
        left--;
      }
    }
  }

  /** The first job is returned whatever its size. */
  private boolean fits(Entry entry) {
    bytes += entry.job.payload().size();
    full = bytes > request.maxBytes() && !jobs.isEmpty();
    return !full;
  }

  private void lease(Entry entry) {
    drawer.change(entry, () -> entry.lease(request, now));
    drawer.keys.started(entry);
    jobs.add(entry.leased());
  }
}
