package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Outcome;
import dev.noria.job.RejectedException;
import dev.noria.middleware.AckChain;
import dev.noria.middleware.DequeueChain;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.LeasedJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Middleware that breaks its promises for its first calls: no lease may be stranded. The lease is
 * 30 s, and everything has to be over long before.
 */
class MiddlewareFaultsTest {
  private static final int JOBS = 40;
  private static final int TIMES = 3;

  @TempDir private Path folder;

  /** How a middleware can be wrong. */
  enum Wrong {
    ENQUEUE_THROWS_BEFORE,
    ENQUEUE_THROWS_AFTER,
    DEQUEUE_THROWS_BEFORE,
    DEQUEUE_THROWS_AFTER,
    DEQUEUE_DOES_NOT_PROCEED,
    DEQUEUE_FILTERS,
    PROCESS_THROWS_BEFORE,
    PROCESS_THROWS_AFTER,
    PROCESS_DOES_NOT_PROCEED,
    ACK_THROWS_BEFORE,
    ACK_THROWS_AFTER,
    ACK_DOES_NOT_PROCEED
  }

  /** Wrong for the first calls that matter, right afterwards. */
  private static final class Breaker implements Middleware {
    private final Wrong wrong;
    private final AtomicInteger left = new AtomicInteger(TIMES);

    Breaker(Wrong wrong) {
      this.wrong = wrong;
    }

    private boolean now(Wrong which) {
      return wrong == which && left.getAndDecrement() > 0;
    }

    private void throwIf(Wrong which) {
      if (now(which)) {
        throw new IllegalStateException("on purpose: " + which);
      }
    }

    @Override
    public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
      throwIf(Wrong.ENQUEUE_THROWS_BEFORE);
      List<EnqueueReceipt> receipts = chain.proceed();
      throwIf(Wrong.ENQUEUE_THROWS_AFTER);
      return receipts;
    }

    @Override
    public List<LeasedJob> dequeue(DequeueChain chain) {
      throwIf(Wrong.DEQUEUE_THROWS_BEFORE);
      if (now(Wrong.DEQUEUE_DOES_NOT_PROCEED)) {
        return List.of();
      }
      List<LeasedJob> jobs = chain.proceed();
      if (jobs.isEmpty()) {
        return jobs;
      }
      throwIf(Wrong.DEQUEUE_THROWS_AFTER);
      return now(Wrong.DEQUEUE_FILTERS) ? jobs.subList(0, jobs.size() / 2) : jobs;
    }

    @Override
    public Outcome process(ProcessChain chain) {
      throwIf(Wrong.PROCESS_THROWS_BEFORE);
      if (now(Wrong.PROCESS_DOES_NOT_PROCEED)) {
        return Outcome.Completed.VOID;
      }
      Outcome outcome = chain.proceed();
      throwIf(Wrong.PROCESS_THROWS_AFTER);
      return outcome;
    }

    @Override
    public List<AckReceipt> ack(AckChain chain) {
      if (chain.acks().isEmpty()) {
        return chain.proceed();
      }
      throwIf(Wrong.ACK_THROWS_BEFORE);
      if (now(Wrong.ACK_DOES_NOT_PROCEED)) {
        return List.of();
      }
      List<AckReceipt> receipts = chain.proceed();
      throwIf(Wrong.ACK_THROWS_AFTER);
      return receipts;
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongMiddlewareOnMemory_strandsNoLease(Wrong wrong) throws Exception {
    strandsNoLease(Medium.MEMORY, wrong);
  }

  @ParameterizedTest
  @EnumSource
  void wrongMiddlewareOnSqlite_strandsNoLease(Wrong wrong) throws Exception {
    strandsNoLease(Medium.SQLITE, wrong);
  }

  private void strandsNoLease(Medium medium, Wrong wrong) throws Exception {
    Breaker breaker = new Breaker(wrong);
    List<RuntimeException> refused = new ArrayList<>();
    try (Stand stand = new Stand(medium, folder);
        JobQueue queue = stand.builder().build()) {
      stand.counting(queue.use("breaker", breaker)).start();
      for (int i = 0; i < JOBS; i++) {
        try {
          stand.enqueue(queue, i);
        } catch (IllegalStateException | RejectedException e) {
          refused.add(e);
        }
      }
      boolean swallows =
          wrong == Wrong.PROCESS_THROWS_BEFORE || wrong == Wrong.PROCESS_DOES_NOT_PROCEED;
      Wait.until(
          Duration.ofSeconds(15),
          wrong + ": no lease is stranded",
          () -> stand.unfinished() == 0 && stand.completed.size() >= JOBS - TIMES);
      queue.stop();

      assertThat(breaker.left.get()).as("calls left to break").isLessThanOrEqualTo(0);
      assertThat(refused).hasSize(wrong == Wrong.ENQUEUE_THROWS_BEFORE ? TIMES : 0);
      assertThat(stand.completed.values()).allMatch(runs -> runs == 1);
      assertThat(stand.accepted.stream().filter(id -> !stand.completed.containsKey(id)))
          .hasSize(swallows ? TIMES : 0)
          .allMatch(id -> wrong == Wrong.PROCESS_DOES_NOT_PROCEED || isDead(queue, id));
      assertThat(stand.verdict().valid()).as(stand.verdict().explain()).isTrue();
    }
  }

  private static boolean isDead(JobQueue queue, JobId id) {
    return queue.find(id).orElseThrow().state() == JobState.DEAD;
  }
}
