package dev.noria.tck.model;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.EndedJob;
import java.util.ArrayList;
import java.util.List;

/** What a call did to jobs that it did not name, and how much of that it may do. */
final class Report {
  /** Most dependents that one call settles (S3.4). */
  private static final int SETTLED = 1_000;

  final List<JobId> reclaimed = new ArrayList<>();
  final List<EndedJob> ended = new ArrayList<>();
  final List<JobId> released = new ArrayList<>();
  final List<JobId> purged = new ArrayList<>();

  /** Whether something was left for the next maintenance. */
  boolean cut;

  private final int limit;

  Report() {
    this(SETTLED);
  }

  Report(int limit) {
    this.limit = limit;
  }

  /** Whether nothing more may be done; remembers that more was to do. */
  boolean isFull() {
    boolean full = size() >= limit;
    cut |= full;
    return full;
  }

  void ended(Entry entry, JobState state, String reason) {
    ended.add(new EndedJob(entry.id(), entry.job.queue(), entry.job.type(), state, reason));
  }

  private int size() {
    return reclaimed.size() + ended.size() + released.size() + purged.size();
  }
}
