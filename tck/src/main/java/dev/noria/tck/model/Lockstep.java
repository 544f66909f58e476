package dev.noria.tck.model;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.StoredJob;
import dev.noria.storage.Administration;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes one sequence on the storage under test and on the reference, step by step, and compares.
 * Where the contract leaves an order or an instant open, it sees to it that nothing depends on it.
 */
final class Lockstep {
  private final Side reference;
  private final Side tested;
  private final boolean administered;
  private final boolean counted;
  private final Set<Integer> known = new TreeSet<>();
  private final Set<Integer> paused = new HashSet<>();
  private Map<Integer, StoredJob> jobs = Map.of();
  private boolean repeatable;
  private Instant now;

  Lockstep(JobStorage storage, long run, Instant start) {
    this.reference = new Side(ReferenceStorage.create(), run);
    this.tested = new Side(storage, run);
    this.administered = storage.capability(Administration.class).isPresent();
    this.counted = storage.capability(Inspection.class).isPresent();
    this.now = start;
  }

  Instant now() {
    return now;
  }

  /** Says what differed first; null when nothing did. */
  @Nullable String run(List<Op> ops) {
    reference.limit(now);
    if (administered) {
      tested.limit(now);
    }
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      if (!isFree(op)) {
        continue;
      }
      String difference = step(op);
      if (difference != null) {
        return "step " + (i + 1) + ", " + op + ": " + difference;
      }
    }
    String difference = rest();
    return difference == null ? null : "at rest: " + difference;
  }

  private @Nullable String step(Op op) {
    if (op instanceof Op.Pass pass) {
      now = now.plusSeconds(pass.seconds());
      List.copyOf(paused).forEach(queue -> both(side -> resume(side, queue)));
      paused.clear();
    }
    if (op instanceof Op.Pause pause) {
      boolean changed = pause.on() ? paused.add(pause.queue()) : paused.remove(pause.queue());
      if (!changed) {
        return null;
      }
    }
    boolean settles = op instanceof Op.Maintain || op instanceof Op.Purge || hasBlocked(op);
    String difference = op instanceof Op.Purge ? maintain() : null;
    difference = difference != null ? difference : both(side -> op.on(side, now));
    repeatable = isCall(op) && !settles;
    if (difference == null && settles) {
      difference = maintain();
    }
    return difference != null ? difference : look();
  }

  private Object resume(Side side, int queue) {
    side.pause(queue, false, now);
    return "resumed";
  }

  /** Does the same on both sides and says what differed. */
  private @Nullable String both(Function<Side, Object> step) {
    Object expected = step.apply(reference);
    Object actual;
    try {
      actual = step.apply(tested);
    } catch (RuntimeException e) {
      return "expected " + expected + ", but it threw " + e;
    }
    return expected.equals(actual) ? null : "expected " + expected + ", but was " + actual;
  }

  /** Afterwards nothing waits whose place the contract leaves open. */
  private @Nullable String maintain() {
    boolean byReference = reference.maintain(now);
    boolean byTested = tested.maintain(now);
    if (!byReference && !byTested) {
      return null;
    }
    paused.clear();
    return both(side -> side.drain(now));
  }

  private @Nullable String look() {
    jobs = reference.jobs(known);
    Map<Integer, StoredJob> actual = tested.jobs(known);
    for (int number : known) {
      String expected = Normal.job(jobs.get(number), now);
      String found = Normal.job(actual.get(number), now);
      if (!expected.equals(found)) {
        return "job " + number + " should be " + expected + ", but is " + found;
      }
    }
    return null;
  }

  private @Nullable String rest() {
    String difference = step(new Op.Pass(3));
    difference = difference != null ? difference : step(new Op.Maintain());
    if (difference != null || !counted) {
      return difference;
    }
    return both(side -> List.of(side.counts(0), side.counts(1)));
  }

  private static boolean isCall(Op op) {
    return op instanceof Op.Enqueue || op instanceof Op.Dequeue || op instanceof Op.Settle;
  }

  /** Whether a dependent may be waiting for its settlement, which may take until maintenance. */
  private boolean hasBlocked(Op op) {
    return specs(op).stream().anyMatch(spec -> !spec.dependencies().isEmpty())
        || jobs.values().stream().anyMatch(job -> job.state() == JobState.BLOCKED);
  }

  private static List<Spec> specs(Op op) {
    if (op instanceof Op.Enqueue enqueue) {
      return enqueue.specs();
    }
    Spec one =
        op instanceof Op.Settle settle
            ? settle.followUp()
            : op instanceof Op.Write write ? write.spec() : null;
    return one == null ? List.of() : List.of(one);
  }

  /** Whether the contract says what this step does, as things stand. */
  private boolean isFree(Op op) {
    boolean isNew = specs(op).stream().allMatch(spec -> mayStore(op, spec));
    StoredJob job = jobs.get(op.job());
    boolean free =
        isNew
            && (job == null || !isDoubtful(job))
            && (!(op instanceof Op.Repeat) || repeatable)
            && (!(op instanceof Op.Purge) || jobs.values().stream().noneMatch(this::isHalfDone))
            && (!(op instanceof Op.Delete) || job == null || !isHalfDone(job))
            && (!(op instanceof Op.Reschedule) || job == null || !job.job().lifo())
            && (!(op instanceof Op.Replay) || job == null || mayReplay(job));
    if (free) {
      specs(op).forEach(spec -> known.add(spec.number()));
    }
    return free;
  }

  /** A number is stored again only while its job is there: to be a duplicate. */
  private boolean mayStore(Op op, Spec spec) {
    StoredJob job = jobs.get(spec.number());
    return job == null
        ? !known.contains(spec.number())
        : op instanceof Op.Enqueue && !isDoubtful(job);
  }

  private boolean isDoubtful(StoredJob job) {
    return Normal.isOver(job, now) || Normal.isLate(job, now);
  }

  /** A completed job one of whose dependents waits for another one. */
  private boolean isHalfDone(StoredJob job) {
    return job.state() == JobState.COMPLETED && hasDependents(job, false);
  }

  private boolean mayReplay(StoredJob job) {
    boolean window = job.job().key() != null && job.job().key().policy().until() == Until.WINDOW;
    return !job.job().lifo()
        && !window
        && job.job().deadline() == null
        && !isHalfDone(job)
        && !hasDependents(job, true);
  }

  private boolean hasDependents(StoredJob job, boolean butHolding) {
    return jobs.values().stream()
        .filter(other -> other.state() == JobState.BLOCKED)
        .map(other -> other.job().dependencies())
        .filter(dependencies -> dependencies.on().contains(job.id()))
        .anyMatch(dependencies -> !butHolding || dependencies.onFailure() != OnFailure.HOLD);
  }
}
