package dev.noria.engine;

import dev.noria.job.JobId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who waits for whom (S1.6), and which ended dependencies still have dependents to settle. */
final class Dependents {
  /**
   * By dependency: the BLOCKED jobs that name it, and for each whether it waits for its end still.
   * While there are any, the dependency is not purged.
   */
  private final Map<JobId, Map<Entry, Boolean>> needed = new HashMap<>();

  private final ArrayDeque<Ended> ended = new ArrayDeque<>();
  private final ArrayDeque<Doubt> unsure = new ArrayDeque<>();

  /** A job that may wait for one that ended, or never was. */
  record Doubt(JobId entry, JobId id) {}

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
    for (JobId id : entry.dependencies().on()) {
      needed.computeIfAbsent(id, any -> new LinkedHashMap<>(4)).putIfAbsent(entry, false);
    }
  }

  /** A job is BLOCKED no more; returns the dependencies that nobody names any more. */
  List<JobId> delist(Entry entry) {
    List<JobId> free = new ArrayList<>();
    for (JobId id : entry.dependencies().on()) {
      Map<Entry, Boolean> naming = needed.get(id);
      if (naming != null) {
        naming.remove(entry);
        if (naming.isEmpty()) {
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
    Map<Entry, Boolean> naming = needed.get(id);
    if (naming != null && Boolean.FALSE.equals(naming.put(entry, true))) {
      entry.extras().outstanding++;
    }
  }

  boolean isBlocking(JobId id, Entry entry) {
    Map<Entry, Boolean> naming = needed.get(id);
    return naming != null && Boolean.TRUE.equals(naming.get(entry));
  }

  boolean isNaming(JobId id, Entry entry) {
    Map<Entry, Boolean> naming = needed.get(id);
    return naming != null && naming.containsKey(entry);
  }

  boolean isNeeded(JobId id) {
    return !needed.isEmpty() && needed.containsKey(id);
  }

  /** A job ended: whoever waits for it is settled soon. */
  void ended(JobId id, boolean completed, int generation) {
    Map<Entry, Boolean> naming = needed.isEmpty() ? null : needed.get(id);
    if (naming == null) {
      return;
    }
    List<Entry> waiting = new ArrayList<>();
    naming.forEach(
        (entry, open) -> {
          if (open) {
            waiting.add(entry);
          }
        });
    if (!waiting.isEmpty()) {
      ended.add(new Ended(id, completed, generation, waiting));
    }
  }

  /** A job came after the end of one that it names: only it is to be told. */
  void endedBefore(Entry entry, JobId id, boolean completed, int generation) {
    ended.add(new Ended(id, completed, generation, List.of(entry)));
  }

  /** A job came from elsewhere and waits for {@code id}, which may have ended there long ago. */
  void unsure(Entry entry, JobId id) {
    unsure.add(new Doubt(entry.id(), id));
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
      if (isBlocking(dependency.id, entry)) {
        return entry;
      }
    }
    return null;
  }

  /** Counts a dependency as done; says whether it was the last one. */
  boolean settle(Entry entry, JobId id) {
    Map<Entry, Boolean> naming = needed.get(id);
    Extras extras = entry.extras();
    if (naming != null && Boolean.TRUE.equals(naming.replace(entry, false))) {
      extras.outstanding--;
    }
    return extras.outstanding == 0;
  }

  void write(Out out) {
    out.number(needed.size());
    new TreeMap<>(needed)
        .forEach(
            (id, naming) -> {
              out.id(id);
              out.number(naming.size());
              naming.forEach(
                  (entry, open) -> {
                    out.id(entry.id());
                    out.flag(open);
                  });
            });
    out.list(ended, one -> write(out, one));
    out.list(
        unsure,
        doubt -> {
          out.id(doubt.entry);
          out.id(doubt.id);
        });
  }

  private void write(Out out, Ended one) {
    out.id(one.id);
    out.flag(one.completed);
    out.number(one.generation);
    List<Entry> rest = one.waiting.subList(one.position, one.waiting.size());
    out.list(
        rest.stream().filter(entry -> isBlocking(one.id, entry)).toList(),
        entry -> out.id(entry.id()));
  }

  /** Reads everything; the jobs themselves must be there. */
  void read(In in, Function<JobId, Entry> jobs) {
    for (int left = in.size(); left > 0; left--) {
      Map<Entry, Boolean> naming = new LinkedHashMap<>(4);
      needed.put(in.id(), naming);
      for (int count = in.size(); count > 0; count--) {
        Entry entry = jobs.apply(in.id());
        naming.put(entry, in.flag());
      }
    }
    for (int left = in.size(); left > 0; left--) {
      JobId id = in.id();
      boolean completed = in.flag();
      int generation = in.integer();
      ended.add(new Ended(id, completed, generation, in.list(() -> jobs.apply(in.id()))));
    }
    for (int left = in.size(); left > 0; left--) {
      JobId entry = in.id();
      unsure.add(new Doubt(entry, in.id()));
    }
  }
}
