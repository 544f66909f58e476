package dev.noria.tck.model;

import dev.noria.storage.Administration;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Registers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes random sequences of calls on a storage and on the reference, and says the shortest one that
 * it finds in which they differ. For one thread.
 */
public final class ModelCheck {
  /** Steps of a sequence. */
  private static final int LENGTH = 60;

  /** How often a failing sequence is tried with parts left out. */
  private static final int TRIES = 600;

  private static final long RUNS = 0x0191_0000_0000_7000L;

  private final JobStorage storage;
  private Instant start;
  private long runs;

  private ModelCheck(JobStorage storage, Instant start) {
    this.storage = storage;
    this.start = start;
  }

  /**
   * Compares the storage with the reference.
   *
   * @param seed of the first sequence; the next one has the next seed
   * @param sequences how many
   * @param start the present, in whole seconds; later sequences begin later
   * @throws AssertionError when they differ, with the seed and the shortest sequence
   */
  public static void run(JobStorage storage, long seed, int sequences, Instant start) {
    ModelCheck check = new ModelCheck(storage, start);
    for (int i = 0; i < sequences; i++) {
      check.sequence(seed + i);
    }
  }

  private void sequence(long seed) {
    boolean administered = storage.capability(Administration.class).isPresent();
    boolean registered = storage.capability(Registers.class).isPresent();
    List<Op> ops = new OpSource(seed, administered, registered).sequence(LENGTH);
    String difference = difference(ops);
    if (difference == null) {
      return;
    }
    List<Op> shortest = shrink(ops);
    String last = difference(shortest);
    StringBuilder text = new StringBuilder("The storage differs from the reference.\n");
    text.append("Again with: -Dnoria.test.model=1 -Dnoria.test.seed=").append(seed).append('\n');
    text.append("The shortest sequence found, of ").append(ops.size()).append(" steps:\n");
    for (int i = 0; i < shortest.size(); i++) {
      text.append("  ").append(i + 1).append(". ").append(shortest.get(i)).append('\n');
    }
    // A storage that differs only sometimes may agree in the last try.
    throw new AssertionError(text.append(last == null ? difference : last).toString());
  }

  /** Leaves out ever smaller parts as long as the rest still fails. */
  private List<Op> shrink(List<Op> failing) {
    List<Op> shortest = failing;
    int tries = 0;
    int part = failing.size() / 2;
    while (part > 0) {
      boolean shorter = false;
      for (int from = 0; from < shortest.size() && tries < TRIES; ) {
        List<Op> candidate = new ArrayList<>(shortest.subList(0, from));
        candidate.addAll(shortest.subList(Math.min(from + part, shortest.size()), shortest.size()));
        tries++;
        if (difference(candidate) == null) {
          from += part;
        } else {
          shortest = candidate;
          shorter = true;
        }
      }
      part = shorter && part == 1 && tries < TRIES ? 1 : part / 2;
    }
    return shortest;
  }

  /** What differs; every run has names and ids of its own, so that a used storage is as new. */
  private @Nullable String difference(List<Op> ops) {
    Lockstep lockstep = new Lockstep(storage, RUNS + (runs++ << 16), start);
    String difference = lockstep.run(ops);
    start = lockstep.now().plusSeconds(1);
    return difference;
  }
}
