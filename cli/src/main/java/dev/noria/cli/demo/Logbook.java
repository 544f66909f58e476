package dev.noria.cli.demo;

import dev.noria.JobQueue;
import dev.noria.job.Bytes;
import dev.noria.job.JobRequest;
import dev.noria.job.NewJob;
import dev.noria.plugin.Codec;
import dev.noria.plugin.Jobs;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the run that a storage holds says how far it is: one register, which moves together with
 * the jobs that are enqueued. So a process that was killed leaves no doubt about what is there, and
 * of two that enqueue at the same time one finds that the other was quicker, and stores nothing.
 */
final class Logbook {
  private static final String NAME = "noria-demo";

  private final long client = UUID.randomUUID().getLeastSignificantBits();
  private long calls;
  private final JobQueue queue;

  Logbook(JobQueue queue) {
    this.queue = queue;
  }

  /** How far a run is. */
  enum Phase {
    /** Jobs of an earlier run are being deleted. */
    FORGETTING,
    /** Jobs are being enqueued. */
    ENQUEUING,
    /** All jobs are stored. */
    STORED
  }

  /**
   * What is written.
   *
   * @param phase how far the run is
   * @param folder absolute
   * @param leftOut what can have no job, with the reason
   * @param summary the job that comes last, in text form; null until all are stored
   */
  record Page(Phase phase, String folder, List<Tally.Failed> leftOut, @Nullable String summary) {}

  /** What is written, and its version; no page and zero when nothing is. */
  record Entry(long version, @Nullable Page page) {}

  Entry read() {
    return registers()
        .get(NAME, now())
        .map(it -> new Entry(it.version(), codec().decode(it.value(), Page.class)))
        .orElse(new Entry(0, null));
  }

  /**
   * Writes the next page and stores jobs in the same unit.
   *
   * @return the new entry; empty when {@code before} was not the last one, and nothing was done
   */
  Optional<Entry> write(Entry before, Page page, List<JobRequest<?>> requests) {
    Bytes value = codec().encode(page);
    List<NewJob> prepared = requests.stream().map(queue.get(Jobs.class)::prepare).toList();
    CallId call = new CallId(client, ++calls);
    return registers()
        .advance(call, NAME, before.version(), value, prepared, now())
        .map(advance -> new Entry(stored(advance).register().version(), page));
  }

  private static Registers.Advance stored(Registers.Advance advance) {
    advance.receipts().stream()
        .filter(receipt -> !receipt.isEnqueued())
        .findFirst()
        .ifPresent(
            receipt -> {
              throw new IllegalStateException("A job of the demo was not stored: " + receipt);
            });
    return advance;
  }

  private Registers registers() {
    return queue.get(Registers.class);
  }

  private Codec codec() {
    return queue.get(Codec.class);
  }

  private Instant now() {
    return queue.get(TimeSource.class).now();
  }
}
