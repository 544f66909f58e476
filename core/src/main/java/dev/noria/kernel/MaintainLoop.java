package dev.noria.kernel;

import dev.noria.job.JobId;
import dev.noria.plugin.JobEvent;
import dev.noria.storage.EndedJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Maintained;
import dev.noria.storage.SetAside;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The storage's housekeeping (S5), on every node, spread by jitter. For one thread. */
final class MaintainLoop {
  private static final Logger LOG = LoggerFactory.getLogger(MaintainLoop.class);
  private static final int LIMIT = 1_000;

  private final JobStorage storage;
  private final KernelClock clock;
  private final Listeners listeners;
  private final long intervalMillis;
  private final Backoff backoff = new Backoff(30_000);

  MaintainLoop(JobStorage storage, KernelClock clock, Listeners listeners, Duration lease) {
    this.storage = storage;
    this.clock = clock;
    this.listeners = listeners;
    this.intervalMillis = Math.max(100, Math.min(3_000, lease.toMillis() / 10));
  }

  long maintain(Tenure tenure) {
    try {
      boolean may = tenure.out(this::mayReclaim);
      if (!may) {
        return intervalMillis;
      }
      Maintained done = tenure.out(this::maintained);
      backoff.reset();
      return done.more() ? 0 : jittered();
    } catch (StorageException e) {
      LOG.debug("Maintenance failed; it is repeated.", e);
      return Math.max(intervalMillis, backoff.nextMillis());
    }
  }

  private boolean mayReclaim() {
    clock.resample();
    return clock.mayReclaim();
  }

  /** Tells of it at once: whoever came back too late is the only one that knows. */
  private Maintained maintained() {
    Maintained done = storage.maintain(LIMIT, clock.now());
    tell(done.ended());
    tellReclaimed(done.reclaimed());
    tellSetAside(done.setAside());
    return done;
  }

  private long jittered() {
    return intervalMillis / 2 + ThreadLocalRandom.current().nextLong(intervalMillis);
  }

  void tell(List<EndedJob> ended) {
    ended.forEach(OutcomeLog.STANDARD::ended);
    if (!listeners.want(JobEvent.EndedByStorage.class)) {
      return;
    }
    for (EndedJob job : ended) {
      listeners.tell(
          new JobEvent.EndedByStorage(
              clock.now(), job.id(), job.queue(), job.type(), job.state(), job.reason()));
    }
  }

  private void tellSetAside(List<SetAside> records) {
    for (SetAside one : records) {
      listeners.tell(
          new JobEvent.RecordSetAside(clock.now(), one.record(), one.keptAt(), one.reason()));
    }
  }

  private void tellReclaimed(List<JobId> reclaimed) {
    if (!listeners.want(JobEvent.Reclaimed.class)) {
      return;
    }
    for (JobId id : reclaimed) {
      listeners.tell(new JobEvent.Reclaimed(clock.now(), id));
    }
  }
}
