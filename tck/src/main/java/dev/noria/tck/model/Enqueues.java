package dev.noria.tck.model;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Storing new jobs (S1). */
final class Enqueues {
  private final Realm realm;
  private final Ends ends;

  Enqueues(Realm realm, Ends ends) {
    this.realm = realm;
    this.ends = ends;
  }

  /** One receipt per job; a job may depend on another of the same call, before or after it. */
  List<EnqueueReceipt> enqueue(List<NewJob> jobs, Instant now) {
    Map<JobId, String> refused = refused(jobs);
    List<EnqueueReceipt> receipts = new ArrayList<>();
    Map<JobId, JobId> meant = new HashMap<>();
    Map<JobId, Entry> fresh = new LinkedHashMap<>();
    for (NewJob job : jobs) {
      EnqueueReceipt receipt = receipt(realm.decisions.stored(job), refused, fresh, now);
      receipts.add(receipt);
      meant.putIfAbsent(job.id(), receipt.id());
    }
    fresh.values().forEach(entry -> place(entry, meant, now));
    fresh.values().forEach(entry -> ends.settleBlocked(entry, new Report(), now));
    return receipts;
  }

  private EnqueueReceipt receipt(
      NewJob job, Map<JobId, String> refused, Map<JobId, Entry> fresh, Instant now) {
    Entry same = realm.job(job.id());
    if (fresh.containsKey(job.id()) || (same != null && realm.decisions.keepsExisting())) {
      return EnqueueReceipt.duplicate(job.id(), same == null ? JobState.READY : same.state);
    }
    String reason = refused.get(job.id());
    if (reason != null) {
      return EnqueueReceipt.rejected(job.id(), reason);
    }
    JobId holder = realm.keys.holder(job.queue(), job.key(), now);
    if (holder != null) {
      return conflict(job, holder, fresh, now);
    }
    if (same != null) {
      realm.remove(same, now);
    }
    Entry entry = new Entry(job, now);
    fresh.put(job.id(), entry);
    realm.keys.take(entry, now);
    return EnqueueReceipt.enqueued(job.id());
  }

  private EnqueueReceipt conflict(NewJob job, JobId id, Map<JobId, Entry> fresh, Instant now) {
    boolean replace = job.key() != null && job.key().policy().onConflict() == OnConflict.REPLACE;
    Entry young = fresh.get(id);
    if (young != null) {
      if (!replace) {
        return EnqueueReceipt.duplicate(id, stateToBe(young, now));
      }
      young.job = young.replacedBy(job);
      return EnqueueReceipt.replaced(id);
    }
    Entry holder = realm.job(id);
    if (holder == null || !replace || !holder.state.isWaiting()) {
      return EnqueueReceipt.duplicate(id, holder == null ? null : holder.state);
    }
    realm.change(holder, now, entry -> replace(entry, job, now));
    return EnqueueReceipt.replaced(id);
  }

  private void replace(Entry holder, NewJob job, Instant now) {
    holder.job = holder.replacedBy(job);
    Instant due = job.runAt() == null ? now : job.runAt();
    if (holder.state == JobState.BLOCKED) {
      holder.dueAt = due;
    } else {
      realm.await(holder, due, now);
    }
  }

  private static JobState stateToBe(Entry young, Instant now) {
    if (!young.job.dependencies().isEmpty()) {
      return JobState.BLOCKED;
    }
    return young.runAt().isAfter(now) ? JobState.SCHEDULED : JobState.READY;
  }

  /** Resolves the dependencies of a new job, and stores it BLOCKED or waiting for its turn. */
  private void place(Entry entry, Map<JobId, JobId> meant, Instant now) {
    Dependencies asked = entry.job.dependencies();
    if (!asked.isEmpty()) {
      List<JobId> on = new ArrayList<>();
      asked.on().forEach(id -> on.add(meant.getOrDefault(id, id)));
      on.remove(entry.id());
      entry.job =
          entry.job.toBuilder()
              .dependencies(new Dependencies(on, asked.onFailure(), asked.onMissing()))
              .build();
      on.stream().filter(id -> isOpen(id, meant)).forEach(entry.waitsFor::add);
    }
    if (entry.waitsFor.isEmpty()) {
      realm.await(entry, entry.runAt(), now);
    } else {
      entry.dueAt = entry.runAt();
    }
    realm.add(entry, now);
  }

  /** Whether a dependency is not done; one of this call may not be stored yet. */
  private boolean isOpen(JobId id, Map<JobId, JobId> meant) {
    Entry dependency = realm.job(id);
    return dependency == null
        ? meant.containsKey(id) && id.equals(meant.get(id))
        : dependency.state != JobState.COMPLETED;
  }

  /**
   * The jobs of the call whose dependencies can never end, with the reason: one is missing, or was
   * refused itself, or waits in a circle.
   */
  private Map<JobId, String> refused(List<NewJob> jobs) {
    Map<JobId, NewJob> open = new LinkedHashMap<>();
    jobs.forEach(job -> open.putIfAbsent(job.id(), job));
    Map<JobId, String> refused = new HashMap<>();
    open.keySet().removeIf(id -> realm.job(id) != null);
    Set<JobId> offered = new LinkedHashSet<>(open.keySet());
    boolean again = true;
    while (again) {
      again = false;
      for (NewJob job : List.copyOf(open.values())) {
        JobId missing = missing(job, offered);
        if (missing != null) {
          refused.put(job.id(), "The dependency " + missing + " does not exist.");
          open.remove(job.id());
          offered.remove(job.id());
          again = true;
        }
      }
    }
    circles(open).forEach(id -> refused.put(id, "Its dependencies wait for it in a circle."));
    return refused;
  }

  private @Nullable JobId missing(NewJob job, Set<JobId> offered) {
    if (job.dependencies().onMissing() == OnMissing.COUNT_AS_DONE) {
      return null;
    }
    return job.dependencies().on().stream()
        .filter(id -> realm.job(id) == null && !offered.contains(id))
        .findFirst()
        .orElse(null);
  }

  /** What is left when jobs that wait for nobody in the call are taken away again and again. */
  private static Set<JobId> circles(Map<JobId, NewJob> jobs) {
    Map<JobId, NewJob> left = new LinkedHashMap<>(jobs);
    boolean again = true;
    while (again) {
      again =
          left.values()
              .removeIf(job -> job.dependencies().on().stream().noneMatch(left::containsKey));
    }
    return left.keySet();
  }
}
