package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.storage.Durability;
import dev.noria.tck.history.Verdict;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that enqueue and a worker that completes, on a storage whose server or network is about
 * to break.
 */
final class Load implements AutoCloseable {
  static final Duration RESUME = Duration.ofSeconds(5);
  private static final long PAUSE_NANOS = Duration.ofMillis(8).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Stand stand;
  final JobQueue queue;
  private final Crowd producers;
  private Duration slowest = Duration.ZERO;

  Load(String address) {
    stand = new Stand(address);
    queue = stand.builder().concurrency(8).enqueueTimeout(PATIENCE).build();
    stand.counting(queue).start();
    producers = Crowd.of(4, Integer.MAX_VALUE, this::produce);
  }

  /** Not as fast as can be: the history of a long run has to fit into memory. */
  private void produce(int number) {
    stand.enqueue(queue, number);
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Waits until so many more jobs are done. */
  void awaitWork(int more) {
    int before = stand.completed.size();
    Wait.until(PATIENCE, "there is load", () -> stand.completed.size() >= before + more);
  }

  /** From now on enqueues and handlers must go on soon. */
  void assertResumes() {
    long start = System.nanoTime();
    int accepted = stand.accepted.size();
    int completed = stand.completed.size();
    Wait.until(
        RESUME,
        "enqueues and handlers go on",
        () -> stand.accepted.size() > accepted + 4 && stand.completed.size() > completed + 4);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
  }

  /** No more load; everything that was accepted has run once, and the history keeps all rules. */
  Verdict finish() throws InterruptedException {
    producers.stop();
    stand.awaitDrained();
    Outage.awaitUp(queue);
    queue.stop();
    Verdict verdict = stand.verdict().label("slowest-resume-ms", slowest.toMillis());
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    assertThat(stand.completed.keySet()).isEqualTo(stand.accepted);
    return verdict;
  }

  /**
   * No more load; what was lost, if anything, was younger than {@code window} when a fault began,
   * and nothing is stuck.
   */
  Verdict finish(Durability durability, Duration window) throws InterruptedException {
    producers.stop();
    Wait.until(
        Stand.LEASE.multipliedBy(3), "all that is stored is done", () -> stand.unfinished() == 0);
    Outage.awaitUp(queue);
    queue.stop();
    Verdict verdict = stand.verdict(durability, window).label("window-ms", window.toMillis());
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    return verdict
        .label("accepted", stand.accepted.size())
        .label("completed", stand.completed.size())
        .label("slowest-resume-ms", slowest.toMillis());
  }

  @Override
  public void close() {
    producers.close();
    queue.close();
    stand.close();
  }
}
