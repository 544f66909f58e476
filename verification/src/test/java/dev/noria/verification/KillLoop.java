package dev.noria.verification;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobFilter;
import dev.noria.job.JobState;
import dev.noria.storage.Durability;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.tck.fault.RecordingStorage;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.FinalState;
import dev.noria.tck.history.History;
import dev.noria.tck.history.HistoryChecker;
import dev.noria.tck.history.Promise;
import dev.noria.tck.history.Verdict;
import dev.noria.tck.process.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/**
 * Producers and workers on one SQLite file, killed with SIGKILL at random instants, round after
 * round; then a clean worker drains what is left, and the checker judges everything that anybody
 * saw.
 */
final class KillLoop {
  private static final Duration DRAIN = Duration.ofMinutes(3);

  private final Path folder;
  private final long seed;
  private final SplittableRandom random;
  private final History history;
  private final List<Path> histories = new ArrayList<>();

  KillLoop(Path folder, long seed) {
    this.folder = folder;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.history = file("harness");
  }

  private History file(String name) {
    histories.add(Child.history(folder, name));
    return History.appendTo(Child.history(folder, name), name, System::nanoTime);
  }

  /** Runs that many rounds, drains, and judges. */
  Verdict run(int rounds) throws InterruptedException {
    long start = System.nanoTime();
    for (int round = 1; round <= rounds; round++) {
      round(round);
    }
    FinalState end = drain();
    Verdict verdict =
        HistoryChecker.check(
            History.read(histories.stream().filter(Files::exists).toArray(Path[]::new)),
            end.withIndexFaults(integrity()),
            Promise.of(Durability.HOST, Child.LEASE));
    double minutes = (System.nanoTime() - start) / 60e9;
    return verdict
        .label("rounds", rounds)
        .label("kills", kills())
        .label("seed", seed)
        .label("minutes", "%.1f".formatted(minutes));
  }

  private long kills() {
    return history.lines().stream()
        .filter(line -> line.entry() instanceof Entry.ProcessKilled)
        .count();
  }

  private void round(int round) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(3);
    List<Victim> victims = new ArrayList<>();
    try {
      victims.add(start("worker", "worker-" + round + "a", ready));
      victims.add(start("worker", "worker-" + round + "b", ready));
      victims.add(start("producer", "producer-" + round, ready));
      if (random.nextInt(3) == 0) {
        killWhileItStarts("early-" + round);
      }
      Wait.on(ready, "three children of round " + round + " are ready");
      while (!victims.isEmpty()) {
        Wait.last(Duration.ofMillis(random.nextInt(20, 400)));
        victims.remove(random.nextInt(victims.size())).kill(history);
      }
    } finally {
      victims.forEach(victim -> victim.child.close());
    }
  }

  /**
   * One more worker, killed while it loads its classes, opens the file, or takes its first jobs.
   */
  private void killWhileItStarts(String name) throws InterruptedException {
    Victim victim = start("worker", name, new CountDownLatch(1));
    try {
      Wait.last(Duration.ofMillis(random.nextInt(200, 1_500)));
      victim.kill(history);
    } finally {
      victim.child.close();
    }
  }

  private Victim start(String role, String name, CountDownLatch ready) throws InterruptedException {
    histories.add(Child.history(folder, name));
    ChildJvm child =
        ChildJvm.start(
            Child.class,
            Child.arguments(role, folder, name, random.nextLong()),
            line -> ready.countDown());
    return new Victim(name, child);
  }

  private record Victim(String name, ChildJvm child) {
    void kill(History history) throws InterruptedException {
      if (!child.isAlive()) {
        throw new AssertionError(name + " ended by itself: " + child.errors());
      }
      history.add(new Entry.ProcessKilled(name));
      child.kill();
    }
  }

  /** A worker that nobody kills takes back what the dead held, and does the rest. */
  private FinalState drain() throws InterruptedException {
    History last = file("last");
    JobStorage storage = RecordingStorage.over(Medium.SQLITE.open(folder), last);
    try (JobQueue queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .lease(Child.LEASE)
            .storage(() -> storage)
            .build()) {
      Child.worker(queue, last).start();
      Wait.until(DRAIN, "everything is drained", () -> isDrained(queue));
      queue.stop();
      // Counts may be two seconds old, and stuck is only what has not moved for three leases.
      Wait.last(Child.LEASE.multipliedBy(3).plusSeconds(1));
      Inspection inspection = storage.capability(Inspection.class).orElseThrow();
      return FinalState.read(inspection, last.nanos(), Instant.now());
    }
  }

  private static boolean isDrained(JobQueue queue) {
    for (JobState state : JobState.values()) {
      if (!state.isFinished() && !queue.list(JobFilter.all().states(state), 1).items().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** What SQLite itself finds wrong in its file. */
  private List<String> integrity() {
    List<String> faults = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      while (rows.next()) {
        faults.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The file cannot be checked.", e);
    }
    boolean sound = faults.remove("ok");
    return sound ? faults : List.of("integrity_check: " + faults);
  }
}
