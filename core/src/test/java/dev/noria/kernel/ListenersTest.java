package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.LoopDriver.Loop;
import dev.noria.job.JobId;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.JobListener;
import dev.noria.wiring.PluginListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ListenersTest {

  @Test
  void eachEvent_wakesTheLoop_evenBehindOneThatWaits() {
    List<JobEvent> heard = new ArrayList<>();
    Listeners listeners = listeners(heard::add);
    AtomicInteger wakes = new AtomicInteger();
    listeners.start((name, duty) -> loop(wakes::incrementAndGet));

    listeners.tell(event());
    listeners.tell(event());

    assertThat(wakes).hasValue(2);
    assertThat(listeners.deliver()).isPositive();
    assertThat(heard).hasSize(2);
  }

  @Test
  void stop_handsOutWhatWasToldBefore() {
    List<JobEvent> heard = new CopyOnWriteArrayList<>();
    Listeners listeners = listeners(heard::add);
    listeners.start(new ThreadDriver());
    for (int i = 0; i < 1_000; i++) {
      listeners.tell(event());
    }
    listeners.stop();
    assertThat(heard).hasSize(1_000);
  }

  @Test
  void stop_givesUpOnAListenerThatHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    AtomicBoolean stopped = new AtomicBoolean();
    Listeners listeners =
        listeners(
            event -> {
              hanging.countDown();
              awaitUninterruptibly(free);
            });
    Thread loop = new Thread(listeners::deliver);
    listeners.start((name, duty) -> loop(() -> {}, () -> stopped.set(true)));
    listeners.tell(event());
    loop.start();
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();

    // Interrupted, it does not even wait for the time that a listener may take.
    Thread.currentThread().interrupt();
    listeners.stop();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped).isTrue();
    free.countDown();
    loop.join();
  }

  @Test
  void aListenerThatStops_doesNotWaitForItself() throws Exception {
    AtomicReference<Listeners> self = new AtomicReference<>();
    List<JobEvent> heard = new CopyOnWriteArrayList<>();
    CountDownLatch stopped = new CountDownLatch(1);
    Listeners listeners =
        listeners(
            event -> {
              heard.add(event);
              self.get().stop();
              stopped.countDown();
            });
    self.set(listeners);
    listeners.start(new ThreadDriver());

    listeners.tell(event());

    assertThat(stopped.await(4, TimeUnit.SECONDS)).as("before its patience ends").isTrue();
    assertThat(heard).hasSize(1);
  }

  @Test
  void stop_deliversItself_whereNobodyTurnsTheLoop() {
    List<JobEvent> heard = new ArrayList<>();
    Listeners listeners = listeners(heard::add);
    listeners.start((name, duty) -> loop(() -> {}));
    listeners.tell(event());

    listeners.stop();

    assertThat(heard).hasSize(1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Listeners listeners(JobListener listener) {
    return new Listeners(List.of(new PluginListener("test", listener)));
  }

  private static Loop loop(Runnable wake) {
    return loop(wake, () -> {});
  }

  private static Loop loop(Runnable wake, Runnable stop) {
    return new Loop() {
      @Override
      public void wake() {
        wake.run();
      }

      @Override
      public void stop() {
        stop.run();
      }
    };
  }

  private static JobEvent event() {
    return new JobEvent.LeaseLost(Instant.EPOCH, new JobId(0, 1), "work");
  }
}
