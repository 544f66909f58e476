package dev.noria.verification;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.JobQueueBuilder;
import dev.noria.job.JobFilter;
import dev.noria.job.JobState;
import dev.noria.storage.Deviation;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageInfo;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One storage that many processes use, each with a history of its own; in the end all of them are
 * judged together with what is stored.
 */
final class Arena {
  /** Enough to see that counts are right, and what was not done would not have drained. */
  static final Duration SHORT = Duration.ofMillis(2_100);

  static final Duration LONG = Child.LEASE.multipliedBy(3).plusSeconds(1);
  private static final Duration DRAIN = Duration.ofMinutes(3);

  private final String address;
  private final Path folder;
  private final SplittableRandom random;
  private final History history;
  private final List<Path> histories = new ArrayList<>();

  /** Limits are set before anybody comes. */
  Arena(String address, Path folder, SplittableRandom random) {
    this.address = address;
    this.folder = folder;
    this.random = random;
    this.history = file("harness");
    try (JobQueue queue = builder().storage(address).build()) {
      queue.policy(Limited.QUEUE, Limited.POLICY);
    }
  }

  private static JobQueueBuilder builder() {
    return JobQueue.builder().discovery(Discovery.none()).lease(Child.LEASE);
  }

  private History file(String name) {
    histories.add(Child.history(folder, name));
    return History.appendTo(Child.history(folder, name), name, System::nanoTime);
  }

  /** A child process in the arena. */
  record Fighter(String name, ChildJvm child, History history) implements AutoCloseable {
    /** Kills it, and says so before. */
    void kill() throws InterruptedException {
      if (!child.isAlive()) {
        throw new AssertionError(name + " ended by itself: " + child.errors());
      }
      history.add(new Entry.ProcessKilled(name));
      child.kill();
    }

    @Override
    public void close() {
      child.close();
    }

    @Override
    public String toString() {
      return name + (child.isAlive() ? " lives: " : " ended: ") + child.errors();
    }
  }

  /** Starts a child; {@code ready} counts down when it says so. */
  Fighter start(String role, String name, CountDownLatch ready) throws InterruptedException {
    return start(
        role,
        name,
        line -> {
          if (line.equals("ready")) {
            ready.countDown();
          }
        });
  }

  /** Starts a child. */
  Fighter start(String role, String name, Consumer<String> onLine) throws InterruptedException {
    histories.add(Child.history(folder, name));
    List<String> arguments = Child.arguments(role, address, folder, name, random.nextLong());
    return new Fighter(name, ChildJvm.start(Child.class, arguments, onLine), history);
  }

  /** How many were killed so far. */
  long kills() {
    return history.lines().stream()
        .filter(line -> line.entry() instanceof Entry.ProcessKilled)
        .count();
  }

  /** How many calls failed, for whatever reason. */
  long failedCalls() {
    return everything().lines().stream()
        .filter(line -> line.entry() instanceof Entry.CallFailed)
        .count();
  }

  private History everything() {
    return History.read(histories.stream().filter(Files::exists).toArray(Path[]::new));
  }

  /**
   * A worker that nobody kills takes back what the dead held, and does the rest; then judges.
   *
   * @param calm for how long nothing happens before the last look: counts may be two seconds old,
   *     and stuck is only what has not moved for three leases
   */
  Verdict judge(Duration calm) throws InterruptedException {
    History last = file("last");
    JobStorage storage = RecordingStorage.over(Medium.open(address), last);
    StorageInfo info = storage.info();
    FinalState end;
    Supplier<JobStorage> open = () -> storage;
    try (JobQueue queue = builder().storage(open).build()) {
      Child.worker(queue, last).handle(Child.LONG, (work, job) -> {}).start();
      // An operator may have been killed between a pause and its resume.
      queue.resume(Child.LONG.queue());
      awaitDrained(queue);
      queue.stop();
      Wait.last(calm);
      Inspection inspection = storage.capability(Inspection.class).orElseThrow();
      end = FinalState.read(inspection, last.nanos(), Instant.now());
    }
    return check(info, end);
  }

  private Verdict check(StorageInfo info, FinalState end) {
    History all = everything();
    boolean strict = !info.deviations().contains(Deviation.RETURNED_JOBS_MAY_BE_OVERTAKEN);
    List<String> faults = new ArrayList<>(SqliteFile.faults(address));
    faults.addAll(RedisIndexes.faults(address));
    faults.addAll(Limited.exceeded(all, Child.LEASE));
    Verdict verdict =
        HistoryChecker.check(
            all,
            end.withIndexFaults(faults),
            Promise.of(info.durability(), Child.LEASE).withStrictOrder(strict));
    return Limited.label(verdict.label("storage", info.name()), all, Child.LEASE);
  }

  private static void awaitDrained(JobQueue queue) {
    Wait.until(DRAIN, "everything is drained", () -> isDrained(queue));
  }

  private static boolean isDrained(JobQueue queue) {
    for (JobState state : JobState.values()) {
      if (!state.isFinished() && !queue.list(JobFilter.all().states(state), 1).items().isEmpty()) {
        return false;
      }
    }
    return true;
  }
}
