package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.LoopDriver.Loop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadDriverTest {
  private final ThreadDriver driver = new ThreadDriver();

  @Test
  void anError_doesNotEndTheLoop() throws Exception {
    AtomicInteger turns = new AtomicInteger();
    CountDownLatch again = new CountDownLatch(1);
    Loop loop =
        driver.drive(
            "broken",
            () -> {
              if (turns.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("on purpose");
              }
              again.countDown();
              return Long.MAX_VALUE;
            });

    assertThat(again.await(60, TimeUnit.SECONDS)).isTrue();
    loop.stop();
  }

  @Test
  void anInterruptThatADutyLeaves_isGoneInItsNextTurn() throws Exception {
    AtomicInteger turns = new AtomicInteger();
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch again = new CountDownLatch(1);
    Loop loop =
        driver.drive(
            "interrupted",
            () -> {
              interrupted.set(Thread.currentThread().isInterrupted());
              if (turns.incrementAndGet() == 1) {
                Thread.currentThread().interrupt();
                return 0;
              }
              again.countDown();
              return Long.MAX_VALUE;
            });

    assertThat(again.await(60, TimeUnit.SECONDS)).isTrue();
    loop.stop();
    assertThat(interrupted).isFalse();
  }

  @Test
  void aLoopThatHangs_doesNotKeepTheStopFromReturning() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    Loop loop =
        new ThreadDriver(Duration.ofMillis(20))
            .drive(
                "hanging",
                () -> {
                  hanging.countDown();
                  free.await();
                  return Long.MAX_VALUE;
                });
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();

    loop.stop();

    free.countDown();
  }
}
