package dev.noria.storage.memory;

import dev.noria.job.JobId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who waits for whom (S1.6), and which ended dependencies still have dependents to settle. */
final class Dependents {
  private final Map<JobId, Needed> needed = new HashMap<>();
  private final ArrayDeque<Ended> ended = new ArrayDeque<>();
  private final ArrayDeque<JobId> unsure = new ArrayDeque<>();

  /** A job that others depend on. */
  private static final class Needed {
    /** Those for which its end has not been settled. */
    final Set<Entry> blocked = new LinkedHashSet<>();

    /** All unfinished jobs that name it: as long as there are any, it is not purged. */
    int unfinished;
  }

  /** A dependency that ended, and whom to tell; holds its own list, so that it can be cut short. */
  static final class Ended {
    final JobId id;
    final boolean completed;
    final int generation;
    private final List<Entry> waiting;
    private int position;

    private Ended(JobId id, boolean completed, int generation, List<Entry> waiting) {
      this.id = id;
      this.completed = completed;
      this.generation = generation;
      this.waiting = waiting;
    }
  }

  /** An unfinished job names its dependencies. */
  void enlist(Entry entry) {
    for (JobId id : entry.job.dependencies().on()) {
      needed.computeIfAbsent(id, any -> new Needed()).unfinished++;
    }
  }

  /** A job is finished; returns the dependencies that nobody names any more. */
  List<JobId> delist(Entry entry) {
    List<JobId> free = new ArrayList<>();
    for (JobId id : entry.job.dependencies().on()) {
      Needed node = needed.get(id);
      if (node != null && --node.unfinished <= 0) {
        needed.remove(id);
        free.add(id);
      }
    }
    return free;
  }

  /** An enlisted job waits for the end of {@code id}. */
  void block(Entry entry, JobId id) {
    Needed node = needed.get(id);
    if (node != null && node.blocked.add(entry)) {
      entry.extras().outstanding++;
    }
  }

  /** A job waits for nobody any more. */
  void unblock(Entry entry) {
    Extras extras = entry.extras();
    for (JobId id : entry.job.dependencies().on()) {
      if (extras.outstanding == 0) {
        return;
      }
      Needed node = needed.get(id);
      if (node != null && node.blocked.remove(entry)) {
        extras.outstanding--;
      }
    }
  }

  boolean isNeeded(JobId id) {
    return !needed.isEmpty() && needed.containsKey(id);
  }

  /** A job ended: whoever waits for it is settled soon. */
  void ended(JobId id, boolean completed, int generation) {
    Needed node = needed.isEmpty() ? null : needed.get(id);
    if (node != null && !node.blocked.isEmpty()) {
      ended.add(new Ended(id, completed, generation, new ArrayList<>(node.blocked)));
    }
  }

  /** A job was made after a dependency of its had failed: only it is to be told. */
  void endedBefore(Entry entry, Entry dependency) {
    ended.add(new Ended(dependency.id(), false, dependency.generation, List.of(entry)));
  }

  /** A job came from elsewhere and waits for {@code id}, which may have ended there long ago. */
  void unsure(JobId id) {
    unsure.add(id);
  }

  @Nullable JobId pollUnsure() {
    return unsure.poll();
  }

  boolean hasUnsettled() {
    return !ended.isEmpty();
  }

  boolean hasUnsure() {
    return !unsure.isEmpty();
  }

  @Nullable Ended firstEnded() {
    return ended.peek();
  }

  void dropFirstEnded() {
    ended.poll();
  }

  /** The next one to be told, taken off; null when all have been. */
  @Nullable Entry next(Ended dependency) {
    while (dependency.position < dependency.waiting.size()) {
      Entry entry = dependency.waiting.get(dependency.position++);
      Needed node = needed.get(dependency.id);
      if (node != null && node.blocked.contains(entry)) {
        return entry;
      }
    }
    return null;
  }

  /** Counts a dependency as done; says whether it was the last one. */
  boolean settle(Entry entry, JobId id) {
    Needed node = needed.get(id);
    Extras extras = entry.extras();
    if (node != null && node.blocked.remove(entry)) {
      extras.outstanding--;
    }
    return extras.outstanding == 0;
  }
}
