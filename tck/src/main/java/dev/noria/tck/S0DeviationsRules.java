package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Deviation;
import dev.noria.storage.JobStorage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Named exceptions, both ways: what is declared occurs, and what occurs is declared (S0.1). */
abstract class S0DeviationsRules extends Rules {
  /** As often as a storage is watched that says it never happens. */
  private static final int FEW = 10;

  /** As often as one is tried that says it happens; the first time is enough. */
  private static final int MANY = 50;

  private static final int CALL = 40;

  @Test
  void s0_1_aDeviationOfSharedBatchesOccursIfAndOnlyIfItIsDeclared() {
    check(Deviation.SHARED_BATCH_VISIBLE_IN_PARTS, this::partOfACall);
  }

  @Test
  void s0_1_aDeviationOfReturnedJobsOccursIfAndOnlyIfItIsDeclared() {
    check(Deviation.RETURNED_JOBS_MAY_BE_OVERTAKEN, this::overtaking);
  }

  /**
   * Holds the declaration against what is seen.
   *
   * @param round provokes it once; what was seen, in words, or empty
   */
  private void check(Deviation deviation, Supplier<Optional<String>> round) {
    boolean declared = rig().storage().info().deviations().contains(deviation);
    Optional<String> seen = Optional.empty();
    for (int i = 0; i < (declared ? MANY : FEW) && seen.isEmpty(); i++) {
      seen = round.get();
    }
    String found = seen.orElse("nothing");
    assertThat(seen.isPresent())
        .as(
            declared
                ? "S0.1: info() declares %s, but it did not occur in %3$d tries. Expected every"
                    + " declared deviation to occur; do not declare it"
                : "S0.1: %s occurred, but info() does not declare it: %s. Expected no deviation"
                    + " that is not declared",
            deviation,
            found,
            MANY)
        .isEqualTo(declared);
  }

  /** One call of many jobs, and somebody who looks for them meanwhile. */
  private Optional<String> partOfACall() {
    List<NewJob> jobs = rig().jobs(CALL);
    JobStorage other = rig().storage();
    AtomicBoolean stored = new AtomicBoolean();
    List<Set<Integer>> sizes =
        Crew.run(
            2,
            number ->
                () -> {
                  Set<Integer> seen = new HashSet<>();
                  if (number == 0) {
                    try {
                      rig().client().enqueue(jobs);
                    } finally {
                      stored.set(true);
                    }
                  }
                  while (number == 1 && !stored.get() && Crew.goesOn()) {
                    seen.add(other.find(idsOf(jobs), Set.of()).size());
                  }
                  return seen;
                });
    return sizes.get(1).stream()
        .filter(size -> size > 0 && size < CALL)
        .findFirst()
        .map(size -> size + " of the " + CALL + " jobs of a call were visible without the others");
  }

  /** What one dequeue took; instants are monotonic. */
  private record Taken(JobId id, long startNanos, long endNanos) {}

  /**
   * Callers who take one job at a time of calls that stored many: the rest goes back, if at all.
   */
  private Optional<String> overtaking() {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<NewJob> call = rig().jobs(10);
      rig().enqueue(call);
      jobs.addAll(call);
    }
    JobStorage neighbour = rig().neighbour();
    List<List<Taken>> taken =
        Crew.run(4, number -> () -> takeAll(number % 2 == 0 ? rig().storage() : neighbour));
    List<Taken> all = taken.stream().flatMap(List::stream).toList();
    assertThat(all).extracting(Taken::id).containsExactlyInAnyOrderElementsOf(idsOf(jobs));
    return inversion(all, idsOf(jobs));
  }

  private List<Taken> takeAll(JobStorage storage) {
    Rig.Client client = rig().client(storage);
    List<Taken> taken = new ArrayList<>();
    int empty = 0;
    // What another caller gives back must be taken too, so a single empty answer is not the end.
    while (empty < 3 && Crew.goesOn()) {
      long start = System.nanoTime();
      List<JobId> ids = leasedIds(client.dequeue(Rig.QUEUE, 1));
      long end = System.nanoTime();
      ids.forEach(id -> taken.add(new Taken(id, start, end)));
      empty = ids.isEmpty() ? empty + 1 : 0;
    }
    return taken;
  }

  /** A later job that somebody got before another caller even asked for an earlier one. */
  private static Optional<String> inversion(List<Taken> taken, List<JobId> order) {
    for (Taken late : taken) {
      for (Taken early : taken) {
        int earlier = order.indexOf(early.id());
        int later = order.indexOf(late.id());
        if (earlier < later && early.startNanos() > late.endNanos()) {
          return Optional.of("job " + (later + 1) + " was leased before job " + (earlier + 1));
        }
      }
    }
    return Optional.empty();
  }
}
