package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.JobQueueBuilder;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.Durability;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.fault.RecordingStorage;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.FinalState;
import dev.noria.tck.history.History;
import dev.noria.tck.history.HistoryChecker;
import dev.noria.tck.history.Promise;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A storage that breaks on demand, everything that passes to and from it in a history, and a count
 * of who was accepted and who ran.
 */
final class Stand implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofSeconds(60);

  final FaultyStorage faulty;
  final Set<JobId> accepted = ConcurrentHashMap.newKeySet();
  final Map<JobId, Integer> completed = new ConcurrentHashMap<>();
  private final History history = History.inMemory("test", System::nanoTime);
  private final JobStorage inner;
  private final JobStorage recorded;

  private final String address;

  Stand(Medium medium, Path folder) {
    this(medium.address(folder));
  }

  Stand(String address) {
    this.address = address;
    inner = Medium.open(address);
    faulty = FaultyStorage.over(inner);
    recorded = RecordingStorage.over(faulty, history);
  }

  /** A queue on the storage; {@link #close} closes what it opened. */
  JobQueueBuilder builder() {
    return JobQueue.builder().discovery(Discovery.none()).lease(LEASE).storage(() -> recorded);
  }

  /** Lets {@code queue} count and tell what it completes. */
  JobQueue counting(JobQueue queue) {
    return queue
        .use("narrator", new Narrator(history))
        .handle(Work.TYPE, (work, job) -> completed.merge(job.id(), 1, Integer::sum));
  }

  /** Enqueues one job that counts. */
  JobId enqueue(JobQueue queue, int number) {
    EnqueueReceipt receipt = queue.enqueue(Work.TYPE, new Work(number));
    assertThat(receipt.isEnqueued()).as(receipt.toString()).isTrue();
    accepted.add(receipt.id());
    return receipt.id();
  }

  /** Waits until every accepted job ran, and nothing is left in the storage but finished jobs. */
  void awaitDrained() {
    Wait.until(
        DRAIN,
        "all accepted jobs run",
        () -> completed.size() >= accepted.size() && completed.keySet().containsAll(accepted));
    Wait.until(DRAIN, "all acks are stored", () -> unfinished() == 0);
  }

  /** How many jobs wait or run, counted one by one. */
  long unfinished() {
    return end().jobs().stream().filter(job -> !job.state().isFinished()).count();
  }

  /** How many jobs are leased, counted one by one. */
  long leased() {
    return end().jobs().stream().filter(job -> job.state() == JobState.RUNNING).count();
  }

  /** Every accepted job ran once, and nobody else did. */
  void assertOnceEach() {
    assertThat(completed.keySet()).isEqualTo(accepted);
    assertThat(completed.values()).allMatch(runs -> runs == 1);
  }

  /** Every accepted job ran, and {@code again} runs at most were second ones. */
  void assertOnceEachBut(long again) {
    assertThat(completed.keySet()).isEqualTo(accepted);
    assertThat(completed.values().stream().mapToLong(runs -> runs - 1L).sum())
        .as("runs that were not the first")
        .isLessThanOrEqualTo(again);
  }

  /** A fault of the storage is about to begin; it may lose something below {@code survivedBy}. */
  void faultBegins(String name, Durability survivedBy) {
    history.add(new Entry.FaultBegan(name, survivedBy));
  }

  /** A fault of the storage is over. */
  void faultEnds(String name) {
    history.add(new Entry.FaultEnded(name));
  }

  /** What the history shows. */
  Verdict verdict() throws InterruptedException {
    return verdict(Promise.of(inner.info().durability(), LEASE));
  }

  /** The same for a storage that may have lost what was younger than {@code window} at a fault. */
  Verdict verdict(Durability durability, Duration window) throws InterruptedException {
    return verdict(Promise.of(durability, LEASE).withLossWindow(window));
  }

  /** Counts may lag behind by two seconds, so it looks until they agree, but not for ever. */
  private Verdict verdict(Promise promise) throws InterruptedException {
    Verdict verdict = HistoryChecker.check(history, end(), promise);
    for (int i = 0; i < 25 && verdict.count(Verdict.Kind.INDEX_DRIFT) > 0; i++) {
      Wait.last(Duration.ofMillis(200));
      verdict = HistoryChecker.check(history, end(), promise);
    }
    return verdict;
  }

  private FinalState end() {
    Inspection inspection = inner.capability(Inspection.class).orElseThrow();
    return FinalState.read(inspection, history.nanos(), Instant.now())
        .withIndexFaults(RedisIndexes.faults(address));
  }

  @Override
  public void close() {
    recorded.close();
  }
}
