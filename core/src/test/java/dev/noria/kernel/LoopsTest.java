package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.LoopDriver.Loop;
import dev.noria.plugin.Vitals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The watchdog, in a time that only the test moves. */
class LoopsTest {
  private static final Duration MOST = Duration.ofSeconds(45);
  private static final Duration SOON = Duration.ofSeconds(46);

  private final LogCapture log = LogCapture.of(WatchedLoop.class.getName());
  private final WatchedThreads driver = new WatchedThreads(new ThreadDriver());
  private final KernelClock clock = new KernelClock(driver.time, null, Duration.ofSeconds(30));
  private final Loops loops = new Loops(driver, clock, MOST);

  /** Every thread that came into a turn. */
  private final LinkedBlockingQueue<Thread> came = new LinkedBlockingQueue<>();

  /** Lets those that hang go on. */
  private final Semaphore free = new Semaphore(0, true);

  @AfterEach
  void release() {
    free.release(1_000);
    log.close();
  }

  private boolean hang() {
    came.add(Thread.currentThread());
    free.acquireUninterruptibly();
    return true;
  }

  private Thread next() throws InterruptedException {
    Thread thread = came.poll(20, TimeUnit.SECONDS);
    assertThat(thread).as("a thread that comes into a turn").isNotNull();
    return thread;
  }

  private Vitals.Loop vitals() {
    return loops.all().get(0).vitals(clock.nanos());
  }

  @Test
  void aCallThatHangs_isSaidWithItsStack_andAnotherThreadGoesOn() throws Exception {
    AtomicInteger touched = new AtomicInteger();
    Loop loop =
        loops.keep(
            "calling",
            tenure -> {
              boolean ignored = tenure.out(this::hang);
              touched.incrementAndGet();
              return Long.MAX_VALUE;
            });
    Thread old = next();

    driver.pass(SOON);

    Thread fresh = next();
    assertThat(fresh).isNotEqualTo(old);
    LogCapture.Line line = log.await(each -> each.text().contains("stood still"));
    assertThat(line.text())
        .contains("'calling'", "for 45 s", "since 2030-01-01T00:00:00Z", "Another thread goes on");
    assertThat(line.error()).hasMessageContaining("noria-calling");
    assertThat(line.error().getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("hang"));
    assertThat(vitals().restarts()).isEqualTo(1);

    free.release(2);
    old.join(20_000);
    assertThat(old.isAlive()).isFalse();
    LogCapture.Line back = log.await(each -> each.text().contains("came back"));
    assertThat(back.text()).contains("'calling'");
    loop.stop();
    assertThat(touched).as("turns that came to their end").hasValue(1);
  }

  @Test
  void aTurnThatHangsInside_isSaidOnce_andNeverReplaced() throws Exception {
    Loop loop =
        loops.drive(
            "inside",
            () -> {
              boolean ignored = hang();
              return Long.MAX_VALUE;
            });
    Thread only = next();

    driver.pass(Duration.ofSeconds(500));

    assertThat(came).isEmpty();
    assertThat(only.isAlive()).isTrue();
    assertThat(vitals().stalled()).isTrue();
    assertThat(vitals().still()).isBetween(Duration.ofSeconds(499), Duration.ofSeconds(500));
    assertThat(log.lines().stream().map(LogCapture.Line::text))
        .filteredOn(text -> text.contains("'inside'"))
        .singleElement()
        .asString()
        .contains("cannot be replaced");
    free.release();
    loop.stop();
  }

  @Test
  void noMoreThanTwoThreads_hangBesidesTheLast() throws Exception {
    Loop loop =
        loops.keep(
            "hanging",
            tenure -> {
              boolean ignored = tenure.out(this::hang);
              return Long.MAX_VALUE;
            });
    for (int i = 0; i < 3; i++) {
      Thread ignored = next();
      driver.pass(SOON);
    }
    driver.pass(Duration.ofSeconds(200));
    assertThat(came).isEmpty();
    assertThat(vitals().restarts()).isEqualTo(2);
    assertThat(loops.all().get(0).isBeyondHelp()).isTrue();

    // When one of them comes back, there is room for another.
    free.release();
    LogCapture.Line ignored = log.await(each -> each.text().contains("came back"));
    driver.pass(SOON);
    Thread fourth = next();
    assertThat(fourth.isAlive()).isTrue();
    free.release(3);
    loop.stop();
  }

  @Test
  void aLoopWhoseThreadDied_getsAnother() throws Exception {
    WatchedThreads mortal =
        new WatchedThreads(
            (name, duty) -> {
              Thread thread = new Thread(() -> Mortal.turnOnce(duty), name);
              thread.start();
              return new Mortal();
            });
    Loops others =
        new Loops(mortal, new KernelClock(mortal.time, null, Duration.ofSeconds(30)), MOST);
    Loop loop =
        others.drive(
            "mortal",
            () -> {
              came.add(Thread.currentThread());
              return 10_000;
            });
    Thread first = next();
    first.join();

    mortal.pass(Duration.ofSeconds(54));
    assertThat(came).isEmpty();
    mortal.pass(Duration.ofSeconds(3));

    assertThat(next()).isNotEqualTo(first);
    loop.stop();
  }

  @Test
  void aDeadThreadThatIsWoken_isMissedSooner() throws Exception {
    WatchedThreads mortal =
        new WatchedThreads(
            (name, duty) -> {
              Thread thread = new Thread(() -> Mortal.turnOnce(duty), name);
              thread.start();
              return new Mortal();
            });
    Loops others =
        new Loops(mortal, new KernelClock(mortal.time, null, Duration.ofSeconds(30)), MOST);
    Loop loop =
        others.drive(
            "mortal",
            () -> {
              came.add(Thread.currentThread());
              return Long.MAX_VALUE;
            });
    next().join();
    mortal.pass(Duration.ofSeconds(500));
    assertThat(came).as("it sleeps, and nobody misses it").isEmpty();

    loop.wake();
    mortal.pass(SOON);

    assertThat(next().getName()).isEqualTo("mortal");
    loop.stop();
  }

  /** A thread that dies after a turn, whatever wakes it. */
  private record Mortal() implements Loop {
    static void turnOnce(dev.noria.plugin.DutyCycle duty) {
      try {
        long ignored = duty.doWork();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void wake() {}

    @Override
    public void stop() {}
  }

  @Test
  void aProcessThatStoodStillAsAWhole_blamesNobody() throws Exception {
    Loop loop =
        loops.keep(
            "calling",
            tenure -> {
              boolean ignored = tenure.out(this::hang);
              return Long.MAX_VALUE;
            });
    Thread only = next();
    driver.pass(Duration.ofSeconds(1));

    driver.time.advance(Duration.ofMinutes(10));
    driver.look();

    assertThat(vitals().stalled()).isFalse();
    assertThat(vitals().restarts()).isZero();
    driver.pass(SOON);
    assertThat(next()).isNotEqualTo(only);
    free.release(2);
    loop.stop();
  }

  @Test
  void aLoopThatWentOn_isToldForAWhile() throws Exception {
    AtomicBoolean well = new AtomicBoolean();
    Loop loop =
        loops.keep(
            "calling",
            tenure -> {
              boolean ignored = well.get() || tenure.out(this::hang);
              came.add(Thread.currentThread());
              return 1;
            });
    Thread first = next();
    driver.pass(SOON);
    well.set(true);
    free.release(2);
    for (int i = 0; i < 10; i++) {
      Thread ignored = next();
    }
    assertThat(first).isNotNull();

    passTurning(10);
    assertThat(vitals().stalled()).isTrue();
    assertThat(loops.all().get(0).isMoving()).isTrue();
    passTurning(45);

    assertThat(vitals().stalled()).isFalse();
    loop.stop();
  }

  /** Seconds pass, and the loop turns in each. */
  private void passTurning(int seconds) throws InterruptedException {
    for (int i = 0; i < seconds; i++) {
      came.clear();
      Thread ignored = next();
      driver.pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void aTurnThatThrows_isCounted() throws Exception {
    List<Integer> failing = new CopyOnWriteArrayList<>();
    CountDownLatch well = new CountDownLatch(1);
    AtomicInteger turns = new AtomicInteger();
    Loop loop =
        loops.drive(
            "throwing",
            () -> {
              failing.add(loops.all().isEmpty() ? 0 : loops.all().get(0).failing());
              if (turns.incrementAndGet() <= 2) {
                throw new NoClassDefFoundError("on purpose");
              }
              well.countDown();
              return Long.MAX_VALUE;
            });

    assertThat(well.await(20, TimeUnit.SECONDS)).isTrue();
    loop.stop();
    assertThat(failing).containsExactly(0, 1, 2);
  }
}
