package dev.noria.kernel;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for jobs to end: a signal wakes the waiter, and because signals are only hints it also
 * looks by itself, less and less often. Thread-safe.
 */
final class Waiters implements Signals.Listener, AutoCloseable {
  private static final long FIRST_LOOK_MILLIS = 20;
  private static final long LAST_LOOK_MILLIS = 2_000;
  private static final Set<Part> PARTS = EnumSet.of(Part.RESULT, Part.HISTORY);

  private final Client client;
  private final Map<JobId, CountDownLatch> waiting = new ConcurrentHashMap<>();

  private Signals.@Nullable Registration ears;

  Waiters(Client client) {
    this.client = client;
  }

  /** From now on signals wake the waiters. */
  synchronized void hear() {
    if (ears == null) {
      ears =
          client
              .storage()
              .capability(Signals.class)
              .map(signals -> signals.listen(this))
              .orElse(null);
    }
  }

  @Override
  public synchronized void close() {
    if (ears != null) {
      ears.close();
      ears = null;
    }
  }

  /** A wait that is prepared before the job is enqueued, so that no signal comes too early. */
  final class Waiter implements AutoCloseable {
    private final JobId id;
    private CountDownLatch latch = new CountDownLatch(1);
    private final Signals.@Nullable Registration interest;

    private Waiter(JobId id, Signals.@Nullable Registration interest) {
      this.id = id;
      this.interest = interest;
      waiting.put(id, latch);
    }

    /** The finished job; empty when it did not finish in time. */
    Optional<StoredJob> await(Duration timeout) throws InterruptedException {
      long end = client.clock().nanos() + timeout.toNanos();
      long look = FIRST_LOOK_MILLIS;
      while (true) {
        long left = (end - client.clock().nanos()) / 1_000_000;
        boolean signalled = latch.await(Math.max(1, Math.min(left, look)), TimeUnit.MILLISECONDS);
        if (signalled) {
          // Before the look, so that no later signal is missed; an open latch would make this spin.
          latch = new CountDownLatch(1);
          waiting.put(id, latch);
        }
        Optional<StoredJob> job = look(id);
        if (job.isPresent() && job.get().state().isFinished()) {
          return job;
        }
        if (left <= 0) {
          return Optional.empty();
        }
        look = signalled ? FIRST_LOOK_MILLIS : Math.min(LAST_LOOK_MILLIS, look * 2);
      }
    }

    @Override
    public void close() {
      waiting.remove(id);
      if (interest != null) {
        interest.close();
      }
    }
  }

  Waiter waiter(JobId id) {
    Signals.Registration interest =
        client
            .storage()
            .capability(Signals.class)
            .map(signals -> signals.await(Set.of(id)))
            .orElse(null);
    return new Waiter(id, interest);
  }

  private Optional<StoredJob> look(JobId id) {
    try {
      return client.find(List.of(id), PARTS).stream().findFirst();
    } catch (StorageException e) {
      if (e.isTransient()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void workReady(String queue, @Nullable Instant due) {}

  @Override
  public void jobFinished(JobId id, JobState state) {
    CountDownLatch latch = waiting.get(id);
    if (latch != null) {
      latch.countDown();
    }
  }

  @Override
  public void cancelRequested(JobId id) {}
}
