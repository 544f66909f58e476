package dev.noria.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures one workload: runs until the JVM is warm and a run long enough to say something, then
 * three that count. The bare driver goes right before the storage in each of them, so that a noisy
 * machine is noisy for both.
 */
final class Measuring {
  private static final int RUNS = 3;
  private static final int DEEP = 10;
  private static final int WARM_UP = 200;

  private final String address;
  private final boolean grows;

  /**
   * Measures the storage at {@code address}.
   *
   * @param grows whether runs may get larger than asked for, until they last
   */
  Measuring(String address, boolean grows) {
    this.address = address;
    this.grows = grows;
  }

  /**
   * The median of the runs.
   *
   * @param jobs how many jobs each of them had
   */
  record Measured(int jobs, Sample median) {}

  /** One run of so many jobs on a place of its own. */
  interface Run {
    Sample measure(Place place, int jobs) throws InterruptedException;
  }

  /** The median of all runs. */
  Measured of(Workload workload, int jobs) throws InterruptedException {
    WarmUp warmUp = new WarmUp(jobs, grows && workload.grows());
    return median(warmUp, (place, size) -> run(workload, size, place));
  }

  /** Workload L with a caller in another process, which warms up within each run. */
  Measured fromOtherProcess(int jobs) throws InterruptedException {
    return median(WarmUp.once(jobs), (place, size) -> wakeFromOutside(place, size));
  }

  /** The median of the runs after the warm-up. */
  Measured median(WarmUp warmUp, Run run) throws InterruptedException {
    while (!warmUp.isDone()) {
      long start = System.nanoTime();
      Sample sample = once(run, warmUp.jobs());
      warmUp.ran(sample, System.nanoTime() - start);
    }
    List<Sample> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(once(run, warmUp.jobs()));
    }
    return new Measured(warmUp.jobs(), Sample.median(runs));
  }

  private Sample once(Run run, int jobs) throws InterruptedException {
    try (Place place = Place.beside(address)) {
      return run.measure(place, jobs);
    }
  }

  private Sample run(Workload workload, int jobs, Place place) throws InterruptedException {
    RawDriver driver = RawDriver.in(place);
    if (workload == Workload.L) {
      Double bare = driver == null ? null : driver.wakeMillis(jobs);
      return ours(workload, jobs, place).againstTime(bare);
    }
    Double raw = driver == null ? null : driver.measure(workload, jobs);
    return ours(workload, jobs, place).against(raw);
  }

  private Sample ours(Workload workload, int jobs, Place place) throws InterruptedException {
    return switch (workload) {
      case E1 -> enqueue(place, bed -> Enqueuing.singles(bed, jobs));
      case E2 -> enqueue(place, bed -> Enqueuing.crowd(bed, jobs));
      case E3 -> enqueue(place, bed -> Enqueuing.chunks(bed, jobs));
      case P10 -> drain(place, 10, bed -> Draining.all(bed, jobs));
      case P100 -> drain(place, 100, bed -> Draining.all(bed, jobs));
      case L -> wake(place, jobs);
      case D -> depth(place, jobs);
    };
  }

  private interface Work {
    Sample on(Bed bed) throws InterruptedException;
  }

  private static Sample enqueue(Place place, Work work) throws InterruptedException {
    return drain(place, 1, work);
  }

  private static Sample drain(Place place, int concurrency, Work work) throws InterruptedException {
    try (Bed bed = Bed.open(place, concurrency, (parcel, job) -> {})) {
      return work.on(bed);
    }
  }

  private static Sample wake(Place place, int jobs) throws InterruptedException {
    Waking waking = new Waking();
    try (Bed bed = Bed.open(place, 10, waking::handle)) {
      bed.queue().start();
      return waking.measure(bed, Waking.here(bed.queue()), jobs);
    }
  }

  private static Sample wakeFromOutside(Place place, int jobs) throws InterruptedException {
    Waking waking = new Waking();
    try (Bed bed = Bed.open(place, 10, waking::handle);
        OtherProcess other = OtherProcess.start(place)) {
      bed.queue().start();
      Waking.Caller caller = other.caller();
      // The child is a fresh JVM each time: it warms up within the run.
      Sample ignored = waking.measure(bed, caller, Math.min(jobs, WARM_UP));
      return waking.measure(bed, caller, jobs);
    }
  }

  /** The deep backlog first: what it leaves behind in the JVM is the same for both. */
  private Sample depth(Place place, int part) throws InterruptedException {
    Sample deep = drain(place, 10, bed -> Draining.part(bed, part, DEEP * part));
    try (Place other = Place.beside(address)) {
      Sample shallow = drain(other, 10, bed -> Draining.part(bed, part, 2 * part));
      return deep.withRatio(rate(shallow) / rate(deep));
    }
  }

  private static double rate(Sample sample) {
    @Nullable Double rate = sample.rate();
    if (rate == null) {
      throw new IllegalStateException("The run has no rate.");
    }
    return rate;
  }
}
