package dev.noria.engine;

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
  private final ArrayDeque<Doubt> unsure = new ArrayDeque<>();

  /** A job that others depend on. */
  private static final class Needed {
    /** Those for which its end has not been settled. */
    final Set<Entry> blocked = new LinkedHashSet<>();

    /** How many BLOCKED jobs name it, settled or not: while there are any, it is not purged. */
    int naming;
  }

  /** A job that may wait for one that ended, or never was. */
  record Doubt(Entry entry, JobId id) {}

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

  /** A BLOCKED job names its dependencies. */
  void enlist(Entry entry) {
    for (JobId id : entry.job.dependencies().on()) {
      needed.computeIfAbsent(id, any -> new Needed()).naming++;
    }
  }

  /** A job is BLOCKED no more; returns the dependencies that nobody names any more. */
  List<JobId> delist(Entry entry) {
    List<JobId> free = new ArrayList<>();
    for (JobId id : entry.job.dependencies().on()) {
      Needed node = needed.get(id);
      if (node != null) {
        node.blocked.remove(entry);
        node.naming--;
        if (node.naming <= 0) {
          needed.remove(id);
          free.add(id);
        }
      }
    }
    entry.extras().outstanding = 0;
    return free;
  }

  /** An enlisted job waits for the end of {@code id}. */
  void block(Entry entry, JobId id) {
    Needed node = needed.get(id);
    if (node != null && node.blocked.add(entry)) {
      entry.extras().outstanding++;
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

  /** A job came after the end of one that it names: only it is to be told. */
  void endedBefore(Entry entry, JobId id, boolean completed, int generation) {
    ended.add(new Ended(id, completed, generation, List.of(entry)));
  }

  /** A job came from elsewhere and waits for {@code id}, which may have ended there long ago. */
  void unsure(Entry entry, JobId id) {
    unsure.add(new Doubt(entry, id));
  }

  @Nullable Doubt pollUnsure() {
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
