package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.job.WorkerInfo;
import dev.noria.plugin.Codec;
import dev.noria.storage.Registers;
import dev.noria.storage.Registers.Register;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells others that this worker is there, and who else is. For one thread. */
final class Presence {
  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
  private static final String PREFIX = "noria.worker.";
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int PAGE = 1_000;

  private final Registers registers;
  private final Codec codec;
  private final KernelClock clock;
  private final WorkerInfo info;
  private long version;

  Presence(Registers registers, Codec codec, KernelClock clock, WorkerInfo info) {
    this.registers = registers;
    this.codec = codec;
    this.clock = clock;
    this.info = info;
  }

  /** Renews the entry; comes back after ten seconds. */
  long announce(Tenure tenure) {
    Instant now = clock.now();
    WorkerInfo fresh =
        new WorkerInfo(
            info.id(), info.host(), info.pid(), info.queues(), info.types(), info.since(), now);
    Bytes value = codec.encode(fresh);
    try {
      Instant expiresAt = now.plus(INTERVAL.multipliedBy(3));
      long known = version;
      Optional<Register> written =
          tenure.out(
              () -> registers.compareAndSet(PREFIX + info.id(), known, value, expiresAt, now));
      // Somebody has written it: this worker, whose answer got lost. Or it has expired.
      version =
          written
              .or(() -> tenure.out(() -> registers.get(PREFIX + info.id(), now)))
              .map(Register::version)
              .orElse(0L);
      return written.isPresent() ? INTERVAL.toMillis() : 1_000;
    } catch (StorageException e) {
      LOG.debug("The worker could not announce itself; it tries again.", e);
      return 1_000;
    }
  }

  void leave() {
    try {
      boolean ignored = registers.delete(PREFIX + info.id(), version, clock.now());
    } catch (StorageException e) {
      LOG.debug("The worker could not sign off; its entry expires by itself.", e);
    }
  }

  static List<WorkerInfo> all(Registers registers, Codec codec, Instant now) {
    List<WorkerInfo> workers = new ArrayList<>();
    String after = null;
    List<Register> page;
    do {
      page = registers.list(PREFIX, after, PAGE, now);
      for (Register entry : page) {
        workers.add(codec.decode(entry.value(), WorkerInfo.class));
        after = entry.name();
      }
    } while (page.size() == PAGE);
    return workers;
  }
}
