package dev.noria.tck.model;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobState;
import dev.noria.job.JobStatus;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.StoredJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Storing jobs as they were exported (C9.2). */
final class Imports {
  private final Realm realm;

  Imports(Realm realm) {
    this.realm = realm;
  }

  List<EnqueueReceipt> restore(List<StoredJob> jobs, Instant now) {
    List<EnqueueReceipt> receipts = new ArrayList<>();
    for (StoredJob job : jobs) {
      Entry same = realm.job(job.id());
      if (same != null) {
        receipts.add(EnqueueReceipt.duplicate(job.id(), same.state));
        continue;
      }
      Entry entry = entry(job);
      if (holdsKey(entry)) {
        realm.keys.take(entry, now);
      }
      realm.add(entry, now);
      receipts.add(EnqueueReceipt.enqueued(job.id()));
    }
    return receipts;
  }

  private Entry entry(StoredJob stored) {
    JobStatus status = stored.status();
    Entry entry = new Entry(stored.job(), status.enqueuedAt());
    realm.await(entry, status.dueAt(), status.dueAt());
    entry.state = realm.decisions.restored(status.state());
    entry.finishedAt = status.finishedAt();
    if (status.finishedAt() != null) {
      entry.keepUntil = status.finishedAt().plus(stored.job().retention().of(status.state()));
    }
    entry.attempt = status.state() == JobState.RUNNING ? status.attempt() - 1 : status.attempt();
    entry.crashes = status.crashes();
    entry.epoch = status.epoch();
    entry.generation = status.generation();
    entry.reason = status.reason();
    entry.cancelRequested = status.cancelRequested();
    entry.result = stored.result();
    entry.history = stored.history();
    entry.notes = stored.notes();
    if (status.state() == JobState.BLOCKED) {
      entry.waitsFor.addAll(stored.job().dependencies().on());
    }
    return entry;
  }

  /** Whether the key would still be held in the state that the job is restored in. */
  private static boolean holdsKey(Entry entry) {
    if (entry.job.key() == null) {
      return false;
    }
    Until until = entry.job.key().policy().until();
    return !entry.state.isFinished() || until == Until.PURGED || until == Until.WINDOW;
  }
}
