package dev.noria.examples.drawer;

import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.OnConflict;
import dev.noria.job.NewJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Storing new jobs (S1); made for one call. */
final class Enqueues {
  private final Drawer drawer;
  private final Instant now;

  /** The new jobs of this call, and what each id of the call stands for. */
  private final Map<JobId, Entry> fresh = new LinkedHashMap<>();

  private final Map<JobId, JobId> meant = new HashMap<>();
  private Map<JobId, String> refused = Map.of();

  Enqueues(Drawer drawer, Instant now) {
    this.drawer = drawer;
    this.now = now;
  }

  List<EnqueueReceipt> run(List<NewJob> jobs, Ends ends) {
    refused = refused(jobs);
    List<EnqueueReceipt> receipts = new ArrayList<>();
    for (NewJob job : jobs) {
      EnqueueReceipt receipt = receipt(job);
      receipts.add(receipt);
      meant.putIfAbsent(job.id(), receipt.id());
    }
    fresh.values().forEach(this::place);
    fresh.values().forEach(entry -> ends.settle(entry, now));
    return receipts;
  }

  private EnqueueReceipt receipt(NewJob job) {
    @Nullable Entry same = drawer.jobs.get(job.id());
    if (same != null || fresh.containsKey(job.id())) {
      return EnqueueReceipt.duplicate(job.id(), same == null ? JobState.READY : same.state);
    }
    @Nullable String reason = refused.get(job.id());
    if (reason != null) {
      return EnqueueReceipt.rejected(job.id(), reason);
    }
    JobId holder = drawer.keys.holder(job.queue(), job.key(), now);
    if (holder != null) {
      return conflict(job, holder);
    }
    Entry entry = new Entry(job, now);
    fresh.put(job.id(), entry);
    drawer.keys.take(entry, now);
    return EnqueueReceipt.enqueued(job.id());
  }

  /** S1.4: the key is taken; the newcomer's policy says what happens. */
  private EnqueueReceipt conflict(NewJob job, JobId id) {
    boolean replace = job.key() != null && job.key().policy().onConflict() == OnConflict.REPLACE;
    @Nullable Entry young = fresh.get(id);
    if (young != null && replace) {
      young.job = replaced(young.job, job);
      return EnqueueReceipt.replaced(id);
    }
    @Nullable Entry holder = drawer.jobs.get(id);
    if (holder == null || !replace || !holder.state.isWaiting()) {
      JobState state = young == null ? null : stateToBe(young);
      return EnqueueReceipt.duplicate(id, holder == null ? state : holder.state);
    }
    drawer.change(
        holder,
        () -> {
          holder.job = replaced(holder.job, job);
          Instant due = job.runAt() == null ? now : job.runAt();
          if (holder.state == JobState.BLOCKED) {
            holder.dueAt = due;
          } else {
            drawer.await(holder, due, now);
          }
        });
    return EnqueueReceipt.replaced(id);
  }

  private JobState stateToBe(Entry young) {
    if (!young.job.dependencies().isEmpty()) {
      return JobState.BLOCKED;
    }
    return young.runAt().isAfter(now) ? JobState.SCHEDULED : JobState.READY;
  }

  /** The waiting job with payload, headers and due instant of the newcomer. */
  private static NewJob replaced(NewJob job, NewJob by) {
    NewJob.Builder changed =
        NewJob.builder(job.id(), job.type(), job.queue(), by.payload())
            .runAt(by.runAt())
            .priority(job.priority())
            .lifo(job.lifo())
            .group(job.group())
            .limitKey(job.limitKey())
            .key(job.key())
            .dependencies(job.dependencies())
            .maxAttempts(job.maxAttempts())
            .timeout(job.timeout())
            .deadline(job.deadline())
            .retention(job.retention())
            .awaited(job.awaited());
    by.headers().forEach(changed::header);
    return changed.build();
  }

  /** Resolves the dependencies of a new job, and stores it BLOCKED or waiting for its turn. */
  private void place(Entry entry) {
    Dependencies asked = entry.job.dependencies();
    if (!asked.isEmpty()) {
      List<JobId> on = new ArrayList<>();
      asked.on().forEach(id -> on.add(meant.getOrDefault(id, id)));
      on.remove(entry.job.id());
      Dependencies known = new Dependencies(on, asked.onFailure(), asked.onMissing());
      entry.job = entry.job.toBuilder().dependencies(known).build();
      on.stream().filter(this::isOpen).forEach(entry.waitsFor::add);
    }
    if (entry.waitsFor.isEmpty()) {
      drawer.await(entry, entry.runAt(), now);
    } else {
      entry.dueAt = entry.runAt();
    }
    drawer.add(entry);
  }

  private boolean isOpen(JobId id) {
    @Nullable Entry dependency = drawer.jobs.get(id);
    return dependency == null ? fresh.containsKey(id) : dependency.state != JobState.COMPLETED;
  }

  /** Jobs whose dependencies can never end: one is missing, refused itself, or in a circle. */
  private Map<JobId, String> refused(List<NewJob> jobs) {
    Map<JobId, NewJob> open = new LinkedHashMap<>();
    jobs.stream()
        .filter(job -> !drawer.jobs.containsKey(job.id()))
        .forEach(job -> open.putIfAbsent(job.id(), job));
    if (open.values().stream().allMatch(job -> job.dependencies().isEmpty())) {
      return Map.of();
    }
    Map<JobId, String> reasons = new HashMap<>();
    while (open.values().removeIf(job -> isHopeless(job, open, reasons))) {
      // Whoever waits for one that has just been refused is refused in the next round.
    }
    while (open.values()
        .removeIf(job -> job.dependencies().on().stream().noneMatch(open::containsKey))) {
      // What is left in the end waits for itself.
    }
    open.keySet().forEach(id -> reasons.put(id, "Its dependencies wait for it in a circle."));
    return reasons;
  }

  private boolean isHopeless(NewJob job, Map<JobId, NewJob> open, Map<JobId, String> reasons) {
    if (job.dependencies().onMissing() == OnMissing.COUNT_AS_DONE) {
      return false;
    }
    for (JobId on : job.dependencies().on()) {
      // While one is being judged it is still in the map, so a refused one is looked up too.
      if (!drawer.jobs.containsKey(on) && (!open.containsKey(on) || reasons.containsKey(on))) {
        reasons.put(job.id(), "The dependency " + on + " does not exist.");
        return true;
      }
    }
    return false;
  }
}
