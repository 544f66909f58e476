package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobCancelledException;
import dev.noria.job.JobContext;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Plugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a handler sees of its job, through the whole of the kernel. */
class JobContextTest {
  /** What a plugin has for everybody, and for one attempt. */
  private record Rates(int perSecond) {}

  private record Trace(String id) {}

  /** What a handler saw. */
  private record Seen(
      JobId id,
      String type,
      String queue,
      int attempt,
      int maxAttempts,
      long epoch,
      Map<String, String> headers,
      boolean leaseValid,
      boolean cancelled) {
    static Seen of(JobContext job) {
      return new Seen(
          job.id(),
          job.type(),
          job.queue(),
          job.attempt(),
          job.maxAttempts(),
          job.epoch(),
          job.headers(),
          job.isLeaseValid(),
          job.cancellation().isRequested());
    }
  }

  private static final JobType<String> WORK = JobType.of("work", String.class);

  private final ByHand hand = new ByHand();
  private final List<Seen> seen = new ArrayList<>();
  private final JobQueue queue =
      hand.builder()
          .executor(Runnable::run)
          .build()
          .use(
              Plugin.of(
                  "rates",
                  installer -> {
                    installer.provide(Rates.class, new Rates(7));
                    installer.aroundProcess(
                        Placement.in(Phase.ADMIT),
                        chain -> {
                          chain.provide(Trace.class, new Trace(chain.job().id().toString()));
                          return chain.proceed();
                        });
                  }));

  @AfterEach
  void close() {
    hand.close(queue);
  }

  @Test
  void everythingOfTheJob_isSeenByItsHandler() {
    queue
        .workOn("mail")
        .handle(
            WORK,
            (text, job) -> {
              seen.add(Seen.of(job));
              if (job.epoch() == 1) {
                job.snooze(Duration.ofSeconds(1));
              } else if (job.epoch() == 2) {
                job.retryIn(Duration.ofSeconds(1), "again");
              }
            })
        .start();
    JobId id =
        queue
            .enqueue(
                WORK,
                "x",
                JobOption.queue("mail"),
                JobOption.attempts(5),
                JobOption.header("tenant", "acme"),
                JobOption.headers(Map.of("locale", "de")))
            .id();
    for (int i = 0; i < 3; i++) {
      hand.turn("exchange");
      hand.turn("exchange");
      hand.time.advance(Duration.ofSeconds(1));
    }

    Map<String, String> headers = Map.of("tenant", "acme", "locale", "de");
    assertThat(seen)
        .containsExactly(
            new Seen(id, "work", "mail", 1, 5, 1, headers, true, false),
            new Seen(id, "work", "mail", 1, 5, 2, headers, true, false),
            new Seen(id, "work", "mail", 2, 5, 3, headers, true, false));
  }

  @Test
  void services_comeFromPluginsAndFromTheChain() {
    List<Object> got = new ArrayList<>();
    queue
        .handle(
            WORK,
            (text, job) -> {
              got.add(job.get(Rates.class));
              got.add(job.get(Trace.class));
              try {
                got.add(job.get(Runnable.class));
              } catch (IllegalArgumentException e) {
                got.add(e.getMessage());
              }
            })
        .start();
    JobId first = queue.enqueue(WORK, "x").id();
    hand.turn("exchange");
    JobId second = queue.enqueue(WORK, "y").id();
    hand.turn("exchange");

    String words =
        "No plugin provides java.lang.Runnable. Expected a plugin that calls"
            + " installer.provide(…) with it; add that plugin to the queue.";
    assertThat(got)
        .containsExactly(
            new Rates(7),
            new Trace(first.toString()),
            words,
            new Rates(7),
            new Trace(second.toString()),
            words);
    assertThat(queue.get(Rates.class)).isEqualTo(new Rates(7));
  }

  @Test
  void theWorkersTimeout_boundsAnAttemptWhoseJobSaysNothing() throws Exception {
    ByHand own = new ByHand();
    CountDownLatch never = new CountDownLatch(1);
    JobQueue impatient =
        own.builder()
            .timeout(Duration.ofMillis(50))
            .build()
            .handle(WORK, (text, job) -> never.await())
            .start();
    try {
      JobId id = impatient.enqueue(WORK, "x").id();
      own.exchangeUntil("it failed", () -> own.find(id).state() == JobState.DEAD);
      assertThat(own.find(id).history().get(0).error().message())
          .contains("longer than its timeout of PT0.05S");
    } finally {
      own.close(impatient);
    }
  }

  @Test
  void aHandlerThatGivesTheJobUp_endsItCancelled() {
    queue
        .handle(
            WORK,
            (text, job) -> {
              throw new JobCancelledException("nobody wants it any more");
            })
        .start();
    JobId id = queue.enqueue(WORK, "x").id();
    hand.exchangeUntil("it ended", () -> hand.find(id).state() == JobState.CANCELLED);
    assertThat(hand.find(id).status().reason()).isEqualTo("nobody wants it any more");
  }

  @Test
  void aHandlerThatThrowsItsCancellation_endsTheJobCancelled() {
    queue
        .handle(
            WORK,
            (text, job) -> {
              assertThat(queue.cancel(job.id())).hasSize(1);
              seen.add(Seen.of(job));
              assertThat(job.cancellation().reason()).contains("The job was cancelled.");
              // A handler on this very thread is interrupted, too.
              assertThat(Thread.interrupted()).isTrue();
              job.cancellation().throwIfRequested();
            })
        .start();
    JobId id = queue.enqueue(WORK, "x").id();
    hand.exchangeUntil("it ended", () -> hand.find(id).state() == JobState.CANCELLED);
    assertThat(seen).singleElement().extracting(Seen::cancelled).isEqualTo(true);
  }
}
