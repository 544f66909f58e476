package dev.noria.tck.model;

import dev.noria.job.GroupPolicy;
import dev.noria.job.JobState;
import dev.noria.job.QueuePolicy;
import dev.noria.job.Reasons;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One dequeue (S2): made for it, used once. */
final class Dequeues {
  private static final int ENDED = 1_000;

  private final Realm realm;
  private final Decisions decisions;
  private final Ends ends;
  private final DequeueRequest request;
  private final Instant now;

  final List<LeasedJob> jobs = new ArrayList<>();
  final Report report = new Report();
  final Set<String> paused = new LinkedHashSet<>();
  @Nullable Instant nextDue;
  private long bytes;
  private boolean full;

  Dequeues(Realm realm, Ends ends, DequeueRequest request, Instant now) {
    this.realm = realm;
    this.decisions = realm.decisions;
    this.ends = ends;
    this.request = request;
    this.now = now;
  }

  void run() {
    for (Demand demand : request.demands()) {
      if (realm.isPaused(demand.queue())) {
        paused.add(demand.queue());
      }
      if (!paused.contains(demand.queue()) || !decisions.obeysPause()) {
        promote(demand.queue());
        take(demand);
      }
      due(demand.queue());
    }
  }

  private void promote(String queue) {
    List<Entry> due = new ArrayList<>();
    for (Entry entry : realm.lines.of(queue).scheduled) {
      if (decisions.isDue(entry.dueAt, now)) {
        due.add(entry);
      }
    }
    due.forEach(entry -> realm.change(entry, now, job -> realm.becomeReady(job, now)));
  }

  /** What is running of one queue, by group. */
  private final class Load {
    private final Map<String, Integer> byGroup = new HashMap<>();
    private int all;

    Load(String queue) {
      realm.running.stream()
          .filter(entry -> entry.job.queue().equals(queue))
          .filter(entry -> decisions.counts(entry, request))
          .forEach(this::add);
    }

    void add(Entry entry) {
      all++;
      byGroup.merge(entry.group(), 1, Integer::sum);
    }

    boolean isFull(QueuePolicy policy) {
      return policy.maxRunning() > 0 && all >= policy.maxRunning();
    }

    boolean isFull(String group, GroupPolicy policy) {
      return policy.maxRunning() > 0 && byGroup.getOrDefault(group, 0) >= policy.maxRunning();
    }
  }

  /** Goes round the ring of groups until the demand is met or nobody may start any more. */
  private void take(Demand demand) {
    Lines.Queue lines = realm.lines.of(demand.queue());
    QueuePolicy policy = realm.policy(demand.queue());
    Load load = new Load(demand.queue());
    int wanted = decisions.share(demand.limit(), request.total(), jobs.size());
    int refusals = 0;
    while (wanted > 0 && !full && refusals < lines.ring.size() && !load.isFull(policy)) {
      String group = lines.ring.getFirst();
      Entry first = lines.first(group);
      if (first == null || !mayStart(lines, group, policy.of(group), load)) {
        refusals = first == null ? refusals : refusals + 1;
        lines.next();
        if (first != null && !decisions.passesOver()) {
          return;
        }
      } else if (decisions.isCorrupt(first)) {
        end(first, Reasons.CORRUPT);
      } else if (decisions.isExpired(first, now)) {
        end(first, Reasons.EXPIRED);
      } else if (fits(first)) {
        lease(first, lines, policy.of(group));
        load.add(first);
        wanted--;
        refusals = 0;
      }
    }
  }

  private boolean mayStart(Lines.Queue lines, String group, GroupPolicy policy, Load load) {
    return !load.isFull(group, policy)
        && (policy.startRate() == null
            || decisions.hasToken(lines.bucket(group, policy.startRate(), now), now));
  }

  private void end(Entry entry, String reason) {
    full = report.ended.size() >= ENDED;
    if (full) {
      due(now); // what stands behind them has not been looked at
    } else {
      report.ended(entry, JobState.DEAD, reason);
      ends.end(entry, JobState.DEAD, reason, report, now);
    }
  }

  private boolean fits(Entry entry) {
    bytes += entry.job.payload().size();
    full = !decisions.fits(bytes, request.maxBytes(), jobs.size());
    return !full;
  }

  private void lease(Entry entry, Lines.Queue lines, GroupPolicy policy) {
    realm.change(
        entry,
        now,
        job -> {
          job.lease(request, now);
          job.state = decisions.leased();
        });
    realm.keys.started(entry);
    if (policy.startRate() != null) {
      lines.bucket(entry.group(), policy.startRate(), now).take(now);
    }
    jobs.add(entry.leased());
    if (++lines.taken >= decisions.turn(policy.weight())) {
      lines.next();
    }
  }

  /** When this queue may have more: its next scheduled job, or its next token. */
  private void due(String queue) {
    Lines.Queue lines = realm.lines.of(queue);
    for (Entry entry : lines.scheduled) {
      if (entry.dueAt.isAfter(now)) {
        due(entry.dueAt);
        break;
      }
    }
    QueuePolicy policy = realm.policy(queue);
    for (String group : lines.ring) {
      GroupPolicy.StartRate rate = policy.of(group).startRate();
      if (rate != null && lines.first(group) != null) {
        Bucket bucket = lines.bucket(group, rate, now);
        if (!bucket.has(now)) {
          due(bucket.next(now));
        }
      }
    }
  }

  private void due(Instant instant) {
    if (nextDue == null || instant.isBefore(nextDue)) {
      nextDue = instant;
    }
  }
}
