package dev.noria.testing;

import dev.noria.JobQueue;
import dev.noria.JobQueueBuilder;
import dev.noria.job.JobState;
import dev.noria.job.Part;
import dev.noria.storage.memory.MemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A queue in memory for tests: no thread, and a clock that moves only when it is told to. Jobs run
 * on the calling thread, one at a time, inside {@link #drain} and {@link #advance}; everything else
 * is as in production: the plugins on the class path, the codec, the chains.
 *
 * <pre>{@code
 * try (TestQueue test = TestQueue.of(queue -> queue.handle(SEND, mailer::send))) {
 *   test.queue().enqueue(SEND, new Email("customer@example.org"), in(Duration.ofHours(1)));
 *   test.advance(Duration.ofHours(1));
 *   assertThat(test).completed(SEND).times(1);
 * }
 * }</pre>
 *
 * <p>The clock starts at 2030-01-01T00:00:00Z. Retries have no jitter, unless the declarations
 * given to {@link #of} provide a {@link RandomGenerator}. For one thread.
 */
public final class TestQueue implements AutoCloseable {
  private static final int MOST_JOBS = 100_000;
  private static final int MOST_JOBS_ON_THE_WAY = 1_000_000;

  /** Worked on besides, so that a queue without handlers can be drained too. */
  private static final String NOBODYS = "noria-testing";

  /** Draws the middle of every range. */
  private static final RandomGenerator STEADY = () -> Long.MIN_VALUE;

  private final VirtualTime time = new VirtualTime();
  private final ManualLoops loops = new ManualLoops(time);
  private final Journal journal = new Journal();
  private final JobQueue queue;
  private boolean draining;

  /**
   * What happened during a call. Immutable.
   *
   * @param ran attempts that were taken up, whatever became of them
   * @param completed jobs that completed
   * @param retried attempts that failed and will be repeated
   * @param dead jobs that failed for good, or expired
   * @param released attempts that gave their job back: snoozed, of unknown type
   * @param cancelled jobs that were cancelled while they ran, or with a dependency
   */
  public record Drained(
      int ran, int completed, int retried, int dead, int released, int cancelled) {
    static final Drained NOTHING = new Drained(0, 0, 0, 0, 0, 0);

    Drained plusRan(int more) {
      return new Drained(ran + more, completed, retried, dead, released, cancelled);
    }

    /** One more that is now in this state. */
    Drained plusOne(JobState state) {
      return switch (state) {
        case COMPLETED -> new Drained(ran, completed + 1, retried, dead, released, cancelled);
        case SCHEDULED -> new Drained(ran, completed, retried + 1, dead, released, cancelled);
        case DEAD -> new Drained(ran, completed, retried, dead + 1, released, cancelled);
        case CANCELLED -> new Drained(ran, completed, retried, dead, released, cancelled + 1);
        case READY, BLOCKED, RUNNING ->
            new Drained(ran, completed, retried, dead, released + 1, cancelled);
      };
    }

    Drained since(Drained before) {
      return new Drained(
          ran - before.ran,
          completed - before.completed,
          retried - before.retried,
          dead - before.dead,
          released - before.released,
          cancelled - before.cancelled);
    }
  }

  private TestQueue(Consumer<JobQueueBuilder> settings, Consumer<JobQueue> declarations) {
    JobQueueBuilder builder =
        JobQueue.builder()
            .storage(() -> new JournaledStorage(MemoryStorage.create(), journal))
            .time(time)
            .driver(loops)
            .executor(Runnable::run)
            .concurrency(1)
            .lease(Duration.ofDays(1));
    settings.accept(builder);
    queue = builder.build().workOn(NOBODYS);
    declarations.accept(queue);
    provideSteady();
  }

  /** Without handlers; declare them on {@link #queue()} before its first use. */
  public static TestQueue create() {
    return of(queue -> {});
  }

  /** With handlers and plugins: {@code TestQueue.of(queue -> queue.handle(SEND, handler))}. */
  public static TestQueue of(Consumer<JobQueue> declarations) {
    return of(settings -> {}, declarations);
  }

  /** With settings, too; what makes the queue a test's (storage, time, executor…) is fixed. */
  public static TestQueue of(Consumer<JobQueueBuilder> settings, Consumer<JobQueue> declarations) {
    return new TestQueue(settings, declarations);
  }

  private void provideSteady() {
    try {
      JobQueue ignored = queue.provide(RandomGenerator.class, STEADY);
    } catch (IllegalStateException e) {
      // The test has provided its own, and means it.
    }
  }

  /** The queue itself. */
  public JobQueue queue() {
    return queue;
  }

  /** The present by the virtual clock. */
  public Instant now() {
    return time.now();
  }

  /**
   * Runs everything that is due now, and what that enqueues, until nothing is due any more.
   *
   * @throws IllegalStateException if it does not end: after 100 000 jobs at one instant
   */
  public Drained drain() {
    return advance(Duration.ZERO);
  }

  /**
   * Moves the clock on by {@code span}, stopping at each instant at which something is due: jobs,
   * retries, deadlines and the plugins' loops happen in their order, each at its time.
   *
   * @throws IllegalStateException if it does not end: after 100 000 jobs at one instant, or a
   *     million on the way
   */
  public Drained advance(Duration span) {
    if (span.isNegative()) {
      throw new IllegalArgumentException(
          "The span " + span + " is negative. Expected zero or more; the clock goes on only.");
    }
    enter();
    try {
      Drained before = journal.counts();
      Instant end = now().plus(span);
      settle();
      for (Optional<Instant> stop = next(end); stop.isPresent(); stop = next(end)) {
        time.moveTo(stop.get());
        settle();
        check(before, MOST_JOBS_ON_THE_WAY, "on the way of advance(" + span + ")");
      }
      if (now().isBefore(end)) {
        time.moveTo(end);
        settle();
      }
      return journal.counts().since(before);
    } finally {
      draining = false;
    }
  }

  private void enter() {
    if (draining) {
      throw new IllegalStateException(
          "drain or advance was called from inside a job. Expected calls of the test only; what a"
              + " job enqueues runs in the same call.");
    }
    // The code under test may have started it.
    if (!loops.areDriven()) {
      JobQueue ignored = queue.start();
    }
    draining = true;
  }

  private Optional<Instant> next(Instant end) {
    Instant now = now();
    Optional<Instant> jobs = journal.next(now);
    Optional<Instant> plugins = loops.nextPluginTurn();
    return Optional.of(jobs.orElse(Instant.MAX))
        .map(due -> plugins.isPresent() && plugins.get().isBefore(due) ? plugins.get() : due)
        .filter(due -> due.isAfter(now) && !due.isAfter(end));
  }

  /** Until a whole round changed nothing. */
  private void settle() {
    Drained before = journal.counts();
    long changes;
    do {
      changes = journal.changes();
      loops.wakeKernel();
      loops.turnDue(() -> turned(before));
    } while (journal.changes() != changes);
  }

  private void turned(Drained before) {
    journal.lookUp(id -> queue.find(id, EnumSet.of(Part.PAYLOAD)));
    check(before, MOST_JOBS, "at " + now());
  }

  private void check(Drained before, int most, String where) {
    int ran = journal.counts().since(before).ran();
    if (ran > most) {
      throw new IllegalStateException(
          ran
              + " jobs ran "
              + where
              + ", and there are still more. Expected an end: look for a handler that enqueues its"
              + " own type, or retries or snoozes without a delay. Waiting now: "
              + sightings().waitingInWords());
    }
  }

  Sightings sightings() {
    return new Sightings(queue, journal);
  }

  /** Closes the queue; what still waits is gone. */
  @Override
  public void close() {
    loops.turnWhenWoken();
    queue.close();
  }
}
