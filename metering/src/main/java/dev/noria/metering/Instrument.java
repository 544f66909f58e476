package dev.noria.metering;

import java.util.List;

/**
 * What is measured. Names have dots, as both OpenTelemetry and Micrometer want them; the Prometheus
 * name of {@link #JOB_RUN} is {@code noria_job_run_seconds}.
 */
public enum Instrument {
  /** By queue, type and receipt. */
  ENQUEUED("noria.enqueued", "", "Jobs handed to the queue, by what became of them"),
  /** By queue and type. */
  JOB_WAIT("noria.job.wait", "s", "From due to the start of the first attempt"),
  /** By queue, type and outcome; how many there are is the number of attempts. */
  JOB_RUN("noria.job.run", "s", "How long an attempt ran"),
  /** By queue, type and outcome. */
  JOB_ATTEMPTS("noria.job.attempts", "", "Attempts that a job needed until its end"),
  /** By queue, type and reason. */
  ENDED_BY_STORAGE("noria.ended.by.storage", "", "Jobs that expired, poisoned or ran out"),
  /** Without tags. */
  LEASES_LOST("noria.leases.lost", "", "Attempts whose lease was lost, or whose ack came too late"),
  /** Without tags. */
  RECLAIMED("noria.reclaimed", "", "Expired leases that this process took back"),
  /** By call and error. */
  STORAGE_CALL("noria.storage.call", "s", "How long a call of the storage took"),
  /** By call. */
  STORAGE_BATCH("noria.storage.batch", "", "Jobs, acks or leases in one call of the storage"),
  /** By queue and state. */
  QUEUE_JOBS("noria.queue.jobs", "", "Jobs in the storage"),
  /** By queue. */
  OLDEST_READY("noria.queue.oldest.ready", "s", "For how long the oldest ready job has been ready"),
  /** Without tags. */
  BUFFERED("noria.worker.buffered", "", "Leased jobs that wait for a slot"),
  /** Without tags. */
  RUNNING("noria.worker.running", "", "Slots at work"),
  /** Without tags. */
  CLOCK_OFFSET("noria.clock.offset", "s", "How far the clock of record is ahead of this machine's"),
  /** Without tags. */
  EVENTS_DROPPED("noria.events.dropped", "", "Events that no listener heard since the start"),
  /** By loop. */
  LOOP_LATE("noria.loop.late", "s", "For how long a loop's turn has lasted or has been due");

  private static final List<Double> SECONDS =
      List.of(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0);
  private static final List<Double> NUMBERS =
      List.of(1.0, 2.0, 3.0, 5.0, 10.0, 25.0, 100.0, 250.0, 1_000.0, 2_500.0, 10_000.0);

  private final String label;
  private final String unit;
  private final String description;

  Instrument(String label, String unit, String description) {
    this.label = label;
    this.unit = unit;
    this.description = description;
  }

  /** Its name in the metrics library. */
  public String label() {
    return label;
  }

  /** {@code s}, or empty for plain numbers. */
  public String unit() {
    return unit;
  }

  /** In a few words. */
  public String description() {
    return description;
  }

  /** The upper bounds of the buckets of a distribution. */
  public List<Double> buckets() {
    return unit.isEmpty() ? NUMBERS : SECONDS;
  }
}
