package dev.noria.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures one workload: a warm-up, then three runs, and in each of them the bare driver right
 * before the storage, so that a noisy machine is noisy for both.
 */
final class Measuring {
  private static final int RUNS = 3;
  private static final int DEEP = 10;
  private static final int WARM_UP = 200;

  private final String address;

  Measuring(String address) {
    this.address = address;
  }

  /** One run on a place of its own. */
  private interface Run {
    Sample measure(Place place) throws InterruptedException;
  }

  /** The median of all runs. */
  Sample of(Workload workload, int jobs) throws InterruptedException {
    return median(place -> run(workload, jobs, place));
  }

  /** Workload L with a caller in another process. */
  Sample fromOtherProcess(int jobs) throws InterruptedException {
    return median(place -> wakeFromOutside(place, jobs));
  }

  private Sample median(Run run) throws InterruptedException {
    List<Sample> runs = new ArrayList<>();
    for (int i = 0; i <= RUNS; i++) {
      try (Place place = Place.beside(address)) {
        Sample sample = run.measure(place);
        if (i > 0) {
          runs.add(sample);
        }
      }
    }
    return Sample.median(runs);
  }

  private Sample run(Workload workload, int jobs, Place place) throws InterruptedException {
    RawDriver driver = RawDriver.in(place);
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
