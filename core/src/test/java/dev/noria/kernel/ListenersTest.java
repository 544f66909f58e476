package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.LoopDriver.Loop;
import dev.noria.job.JobId;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.JobListener;
import dev.noria.wiring.PluginListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class ListenersTest {
  private final List<JobEvent> heard = new CopyOnWriteArrayList<>();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);

  @AfterEach
  void release() {
    free.countDown();
  }

  @Test
  void eachEvent_wakesTheLoop_evenBehindOneThatWaits() {
    Listeners listeners = listeners(heard::add);
    AtomicInteger wakes = new AtomicInteger();
    listeners.start((name, duty) -> loop(wakes::incrementAndGet, () -> {}));

    listeners.tell(event(1));
    listeners.tell(event(2));

    assertThat(wakes).hasValue(2);
    listeners.flush();
    assertThat(heard).containsExactly(event(1), event(2));
  }

  @Test
  void stop_handsOutWhatWasToldBefore() {
    Listeners listeners = listeners(heard::add);
    listeners.start(new ThreadDriver());
    for (int i = 0; i < 1_000; i++) {
      listeners.tell(event(i));
    }
    listeners.stop();
    assertThat(heard).hasSize(1_000);
  }

  @Test
  void stop_deliversItself_whereNobodyTurnsTheLoop_butNotOnItsThread() {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    Listeners listeners = listeners(event -> threads.add(Thread.currentThread()));
    listeners.start((name, duty) -> loop(() -> {}, () -> {}));
    listeners.tell(event(1));

    listeners.stop();

    assertThat(threads).hasSize(1).doesNotContain(Thread.currentThread());
  }

  @Test
  void aListenerThatHangs_holdsUpNeitherOthersNorTheStop() throws Exception {
    try (LogCapture log = LogCapture.of(Listeners.class.getName())) {
      CountDownLatch others = new CountDownLatch(2);
      Listeners listeners =
          new Listeners(
              List.of(
                  new PluginListener("hanging", this::hang),
                  new PluginListener("well", event -> others.countDown())),
              Duration.ofMillis(50));
      listeners.start(new ThreadDriver());

      listeners.tell(event(1));
      assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
      listeners.tell(event(2));
      assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
      long start = System.nanoTime();
      listeners.flush();
      listeners.stop();

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(took).as("less than what a driver waits for a thread").isLessThan(seconds(8));
      assertThat(listeners.dropped()).isEqualTo(1);
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0).text()).contains("'hanging'", "PT0.05S", "1 are lost");
    }
  }

  @Test
  void stop_doesNotWait_inAThreadThatIsInterrupted() throws Exception {
    Listeners listeners = listeners(this::hang);
    listeners.start((name, duty) -> loop(() -> {}, () -> {}));
    listeners.tell(event(1));
    Thread flushing = new Thread(listeners::flush);
    flushing.start();
    assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();

    Thread.currentThread().interrupt();
    long start = System.nanoTime();
    listeners.stop();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(seconds(4));
    flushing.interrupt();
    flushing.join();
  }

  @Test
  void aListenerThatStops_doesNotWaitForItself() throws Exception {
    AtomicReference<Listeners> self = new AtomicReference<>();
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

    listeners.tell(event(1));

    assertThat(stopped.await(4, TimeUnit.SECONDS)).as("before its patience ends").isTrue();
    assertThat(heard).hasSize(1);
  }

  @Test
  void whatDoesNotFit_isDropped_countedAndSaidOnce() {
    try (LogCapture log = LogCapture.of(Mailbox.class.getName())) {
      Listeners listeners = listeners(heard::add);
      listeners.start((name, duty) -> loop(() -> {}, () -> {}));

      for (int i = 0; i < 16_384 + 10; i++) {
        listeners.tell(event(i));
      }

      assertThat(listeners.dropped()).isEqualTo(10);
      listeners.flush();
      assertThat(heard).hasSize(16_384);
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0).text()).contains("'test'", "said once");
    }
  }

  @Test
  void whatAListenerThrows_costsItTheEventOnly_andIsSaidOnce() {
    try (LogCapture log = LogCapture.of(Mailbox.class.getName())) {
      List<Throwable> errors =
          List.of(
              new IllegalStateException("on purpose"),
              new StackOverflowError("on purpose"),
              new OutOfMemoryError("on purpose"),
              new NoClassDefFoundError("on purpose"),
              new Unprintable());
      List<Throwable> left = new ArrayList<>(errors);
      Listeners listeners =
          new Listeners(
              List.of(
                  new PluginListener("throwing", event -> Sneaky.fail(left)),
                  new PluginListener("well", heard::add)));
      listeners.start((name, duty) -> loop(() -> {}, () -> {}));

      for (int i = 0; i <= errors.size(); i++) {
        listeners.tell(event(i));
      }
      listeners.flush();

      assertThat(left).isEmpty();
      assertThat(heard).hasSize(errors.size() + 1);
      assertThat(log.lines().stream().filter(line -> line.level().toInt() >= 30)).hasSize(1);
    }
  }

  @Test
  void whatAListenerLeavesBehind_isOnItsOwnThread() {
    ThreadLocal<String> local = new ThreadLocal<>();
    List<String> seen = new CopyOnWriteArrayList<>();
    Listeners listeners =
        new Listeners(
            List.of(
                new PluginListener(
                    "leaking",
                    event -> {
                      local.set("left");
                      MDC.put("left", "behind");
                      Thread.currentThread().setContextClassLoader(null);
                      Thread.currentThread().interrupt();
                    }),
                new PluginListener(
                    "well",
                    event -> {
                      boolean loader = Thread.currentThread().getContextClassLoader() != null;
                      boolean interrupted = Thread.currentThread().isInterrupted();
                      seen.add(
                          local.get() + " " + MDC.get("left") + " " + loader + " " + interrupted);
                    })));
    listeners.start(new ThreadDriver());
    for (int i = 0; i < 100; i++) {
      listeners.tell(event(i));
    }

    listeners.stop();

    assertThat(seen).hasSize(100).containsOnly("null null true false");
    assertThat(MDC.get("left")).isNull();
    assertThat(local.get()).isNull();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void anInterruptThatAListenerLeaves_isGoneInItsNextEvent() {
    List<Boolean> interrupted = new CopyOnWriteArrayList<>();
    Listeners listeners =
        listeners(
            event -> {
              interrupted.add(Thread.currentThread().isInterrupted());
              Thread.currentThread().interrupt();
            });
    listeners.start((name, duty) -> loop(() -> {}, () -> {}));
    listeners.tell(event(1));
    listeners.tell(event(2));

    listeners.flush();

    assertThat(interrupted).containsExactly(false, false);
  }

  /** An error that cannot even be logged. */
  private static final class Unprintable extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no words");
    }
  }

  private static final class Sneaky {
    static void fail(List<Throwable> left) {
      if (!left.isEmpty()) {
        Sneaky.<Error>sneak(left.remove(0));
      }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable error) throws T {
      throw (T) error;
    }
  }

  private void hang(JobEvent event) {
    hanging.countDown();
    boolean interrupted = false;
    while (free.getCount() > 0) {
      try {
        free.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Listeners listeners(JobListener listener) {
    return new Listeners(List.of(new PluginListener("test", listener)));
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

  private static JobEvent event(int number) {
    return new JobEvent.LeaseLost(Instant.EPOCH, new JobId(0, number), "work");
  }
}
