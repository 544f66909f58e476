package dev.noria.kernel;

import dev.noria.Health;
import dev.noria.Health.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at all that can be wrong with an open queue; asks nobody, so it cannot hang. */
final class Checkup {
  private static final Duration MOST_OFFSET = Duration.ofSeconds(5);
  private static final long DEAF_NANOS = 5_000_000_000L;

  /** A loop whose turns throw so often in a row does not just have a bad moment. */
  private static final int FAILING = 3;

  /** Without these the worker does nothing, or loses what it does. */
  private static final Set<String> VITAL = Set.of("exchange", "heartbeat");

  private final Kernel kernel;
  private final @Nullable WorkerLife worker;
  private final KernelClock clock;
  private final long nanos;
  private final List<String> down = new ArrayList<>();
  private final List<String> degraded = new ArrayList<>();

  private Checkup(Kernel kernel, @Nullable WorkerLife worker) {
    this.kernel = kernel;
    this.worker = worker;
    this.clock = kernel.client().clock();
    this.nanos = clock.nanos();
  }

  /** How the queue is; {@code worker} is the one that was started, if any was. */
  static Health of(Kernel kernel, @Nullable WorkerLife worker) {
    Checkup checkup = new Checkup(kernel, worker);
    checkup.work();
    checkup.storage();
    checkup.loops();
    checkup.time();
    return checkup.result();
  }

  private Health result() {
    List<String> reasons = new ArrayList<>(down);
    reasons.addAll(degraded);
    Status other = degraded.isEmpty() ? Status.UP : Status.DEGRADED;
    return new Health(down.isEmpty() ? other : Status.DOWN, reasons);
  }

  private void work() {
    if (worker == null) {
      return;
    }
    if (worker.hasStopped()) {
      down.add("The worker was stopped; jobs can be enqueued, but this process runs none.");
    } else if (worker.isStopping()) {
      degraded.add("The worker stops: it takes no new jobs.");
    }
  }

  private void storage() {
    Optional<StorageHealth.Trouble> trouble = kernel.client().health().trouble(nanos);
    if (trouble.isPresent()) {
      long since = trouble.get().sinceNanos();
      String what = LogText.plain(trouble.get().what());
      degraded.add("The storage has not answered for " + span(since) + ": " + what);
    } else if (worker != null && !worker.isStopping()) {
      heartbeat(worker.worker());
      if (worker.deafForNanos(nanos) > DEAF_NANOS) {
        degraded.add(
            "The signals of the storage have not been heard for "
                + span(nanos - worker.deafForNanos(nanos))
                + ": new jobs are found by looking, up to 30 s late.");
      }
    }
  }

  private void heartbeat(Worker working) {
    HeartbeatLoop heartbeat = working.heartbeat();
    long late = heartbeat.sinceNanos(nanos);
    if (late > working.options().lease().toNanos() / 2) {
      degraded.add(
          "The heartbeat is late: leases were not extended for "
              + span(nanos - late)
              + ", expected every "
              + working.options().lease().dividedBy(3)
              + ". Jobs that run here may run again elsewhere.");
    }
  }

  private void loops() {
    for (WatchedLoop loop : kernel.loops().all()) {
      Long since = loop.stalledNanos(nanos);
      if (since != null) {
        stalled(loop, since);
      } else if (loop.failing() >= FAILING) {
        degraded.add(
            "The loop '"
                + loop.name()
                + "' failed "
                + loop.failing()
                + " times in a row; the log says why.");
      }
    }
    long blind = kernel.loops().blindNanos(nanos);
    if (blind > 0) {
      degraded.add("The watchdog has not looked at the loops for " + span(nanos - blind) + ".");
    }
  }

  private void stalled(WatchedLoop loop, long since) {
    String what = "The loop '" + loop.name() + "' ";
    if (loop.isMoving()) {
      degraded.add(what + "goes on after it had stood still, " + words(since) + ".");
    } else if (loop.isBeyondHelp() && VITAL.contains(loop.name())) {
      down.add(
          what
              + "has stood still for "
              + span(since)
              + ", and so do the threads that replaced it. Restart the process.");
    } else {
      degraded.add(what + "has stood still for " + span(since) + "; the log has its stack.");
    }
  }

  private void time() {
    Duration offset = clock.offset();
    if (offset.abs().compareTo(MOST_OFFSET) > 0) {
      degraded.add(
          "The clock of this host is "
              + offset.abs()
              + (offset.isNegative() ? " ahead of" : " behind")
              + " the storage server's. Expected less than "
              + MOST_OFFSET.toSeconds()
              + " s; the server's counts for jobs.");
    }
    Duration quiet = clock.quietFor();
    if (!quiet.isZero()) {
      degraded.add(
          "The wall clock of this host jumped: no expired lease is taken back for another "
              + quiet.toSeconds()
              + " s.");
    }
  }

  private String span(long sinceNanos) {
    return Duration.ofNanos(nanos - sinceNanos).toSeconds() + " s, " + words(sinceNanos);
  }

  private String words(long sinceNanos) {
    Instant since = clock.now().minusNanos(nanos - sinceNanos);
    return "since " + since.truncatedTo(ChronoUnit.SECONDS);
  }
}
