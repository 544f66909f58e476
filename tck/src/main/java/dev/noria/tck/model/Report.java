package dev.noria.tck.model;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.EndedJob;
import java.util.ArrayList;
import java.util.List;

/** What a call did to jobs that it did not name. */
final class Report {
  final List<JobId> reclaimed = new ArrayList<>();
  final List<EndedJob> ended = new ArrayList<>();
  final List<JobId> released = new ArrayList<>();
  final List<JobId> purged = new ArrayList<>();

  void ended(Entry entry, JobState state, String reason) {
    ended.add(new EndedJob(entry.id(), entry.job.queue(), entry.job.type(), state, reason));
  }

  int size() {
    return reclaimed.size() + ended.size() + released.size() + purged.size();
  }
}
