package dev.noria.metering;

import dev.noria.job.JobState;
import dev.noria.job.QueueCounts;
import dev.noria.metering.Meter.Reading;
import dev.noria.plugin.Installer;
import dev.noria.plugin.TimeSource;
import dev.noria.plugin.Vitals;
import dev.noria.storage.Inspection;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads the gauges on a loop of its own, so that no metrics library ever waits for the storage.
 * While that does not answer, its gauges show nothing rather than what was. For one thread.
 */
final class Gauges {
  /** Two cheap calls for each queue, each time. */
  private static final int MOST_QUEUES = 200;

  private final Meters meters;
  private final TimeSource time;
  private final Supplier<Optional<Inspection>> inspection;
  private final Supplier<Optional<Vitals>> vitals;

  Gauges(Meters meters, Installer installer) {
    this.meters = meters;
    this.time = installer.time();
    this.inspection = installer.find(Inspection.class);
    this.vitals = installer.find(Vitals.class);
  }

  long read(Duration interval) {
    vitals.get().ifPresent(this::read);
    inspection.get().ifPresent(this::read);
    return interval.toMillis();
  }

  private void read(Vitals now) {
    one(Instrument.CLOCK_OFFSET, seconds(now.clockOffset()));
    one(Instrument.BUFFERED, now.work().buffered());
    one(Instrument.RUNNING, now.work().running());
    one(Instrument.EVENTS_DROPPED, (double) now.droppedEvents());
    meters.gauge(
        Instrument.LOOP_LATE,
        now.loops().stream()
            .map(loop -> new Reading(Map.of("loop", loop.name()), seconds(loop.still())))
            .toList());
  }

  private void read(Inspection inside) {
    List<Reading> jobs = new ArrayList<>();
    List<Reading> ages = new ArrayList<>();
    try {
      inside.queues().stream()
          .map(Inspection.QueueState::name)
          .limit(MOST_QUEUES)
          .forEach(queue -> read(inside, queue, jobs, ages));
    } catch (StorageException e) {
      jobs.clear();
      ages.clear();
    }
    meters.gauge(Instrument.QUEUE_JOBS, jobs);
    meters.gauge(Instrument.OLDEST_READY, ages);
  }

  private void read(Inspection inside, String queue, List<Reading> jobs, List<Reading> ages) {
    QueueCounts counts = inside.counts(queue);
    for (JobState state : JobState.values()) {
      String word = state.name().toLowerCase(Locale.ROOT);
      jobs.add(new Reading(Map.of("queue", queue, "state", word), (double) counts.of(state)));
    }
    double age =
        inside
            .oldestReady(queue)
            .map(since -> Math.max(0, seconds(Duration.between(since, time.now()))))
            .orElse(0.0);
    ages.add(new Reading(Map.of("queue", queue), age));
  }

  private void one(Instrument instrument, double value) {
    meters.gauge(instrument, List.of(new Reading(Map.of(), value)));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
