package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Maintained;
import java.util.ArrayList;
import java.util.List;

/** Gathers what one call did besides what it was asked for. */
final class Report {
  final List<JobId> reclaimed = new ArrayList<>();
  final List<EndedJob> ended = new ArrayList<>();
  final List<JobId> released = new ArrayList<>();
  final List<JobId> purged = new ArrayList<>();
  int healed;
  boolean more;

  /** Forgets what a transaction that is run again had noted. */
  void clear() {
    reclaimed.clear();
    ended.clear();
    released.clear();
    purged.clear();
    healed = 0;
    more = false;
  }

  /** Adds what a committed transaction noted. */
  void add(Report other) {
    reclaimed.addAll(other.reclaimed);
    ended.addAll(other.ended);
    released.addAll(other.released);
    purged.addAll(other.purged);
    healed += other.healed;
    more |= other.more;
  }

  /** How many jobs were touched. */
  int touched() {
    return reclaimed.size() + ended.size() + released.size() + purged.size();
  }

  Maintained maintained() {
    return new Maintained(reclaimed, ended, released, purged, healed, more);
  }
}
