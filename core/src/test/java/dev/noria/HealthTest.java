package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobType;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.TimeSource;
import dev.noria.plugin.Vitals;
import dev.noria.storage.Capability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.ServerClock;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.tck.ManualTime;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.model.ReferenceStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final JobType<String> WORK = JobType.of("work", String.class);

  private final ManualTime time = new ManualTime();
  private JobQueue queue = JobQueue.create();

  @AfterEach
  void close() {
    queue.close();
  }

  private JobQueue open(TimeSource clock, Supplier<JobStorage> storage) {
    queue = JobQueue.builder().discovery(Discovery.none()).time(clock).storage(storage).build();
    return queue;
  }

  private void start() {
    queue.handle(WORK, (text, job) -> {}).start();
  }

  private void assertDegraded(String beginning) {
    assertThat(queue.health().reasons()).singleElement().asString().startsWith(beginning);
    assertThat(queue.health().status()).isEqualTo(Health.Status.DEGRADED);
  }

  private static void await(BooleanSupplier condition) {
    long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(last);
      Thread.onSpinWait();
    }
  }

  /** The reference, with one capability replaced. */
  private static <T extends Capability> JobStorage with(Class<T> type, T capability) {
    JobStorage inner = ReferenceStorage.create();
    Map<Class<?>, Object> own = Map.of(type, capability);
    return (JobStorage)
        Proxy.newProxyInstance(
            HealthTest.class.getClassLoader(),
            new Class<?>[] {JobStorage.class},
            (self, method, arguments) -> {
              if (method.getName().equals("capability") && own.containsKey(arguments[0])) {
                return Optional.of(capability);
              }
              try {
                return method.invoke(inner, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aQueue_isUp_untilItsWorkerIsStopped() {
    open(time, ReferenceStorage::create);
    queue.handle(WORK, (text, job) -> {});
    assertThat(queue.health()).isEqualTo(new Health(Health.Status.UP, List.of()));
    queue.start();
    assertThat(queue.health().status()).isEqualTo(Health.Status.UP);

    queue.stop();
    assertThat(queue.health().status()).isEqualTo(Health.Status.DOWN);
    assertThat(queue.health().reasons()).singleElement().asString().contains("was stopped");

    queue.close();
    assertThat(queue.health().reasons()).containsExactly("The queue is closed.");
  }

  @Test
  void aStorageThatCannotBeOpened_isDown_inItsWords_onOneLine() {
    open(
        time,
        () -> {
          throw new StorageException(StorageException.Kind.UNAVAILABLE, "no\nroute");
        });

    assertThat(queue.health().status()).isEqualTo(Health.Status.DOWN);
    assertThat(queue.health().reasons())
        .containsExactly("The storage could not be opened: no\\nroute");
  }

  @Test
  void aStorageThatIsAway_isDegraded_sinceWhen() {
    FaultyStorage storage = FaultyStorage.over(ReferenceStorage.create());
    queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .time(time)
            .storage(() -> storage)
            .lease(Duration.ofSeconds(1)) // for housekeeping every 100 ms
            .build();
    start();
    await(() -> storage.calls(Operation.EXCHANGE) > 0);
    storage.down();
    long before = storage.calls(Operation.MAINTAIN);
    await(() -> storage.calls(Operation.MAINTAIN) > before + 1);

    time.advance(Duration.ofSeconds(7));

    assertDegraded("The storage has not answered for 7 s, since 2030-01-01T00:00:00Z: ");
    storage.up();
    await(() -> queue.health().status() == Health.Status.UP);
  }

  @Test
  void aHeartbeatThatDoesNotCome_isDegraded() {
    open(time, ReferenceStorage::create);
    start();

    // The loops sleep by the real clock: none of them beats within this test.
    time.advance(Duration.ofSeconds(16));

    assertThat(queue.health().status()).isEqualTo(Health.Status.DEGRADED);
    assertThat(queue.health().reasons().get(0))
        .startsWith("The heartbeat is late: leases were not extended for 16 s, ");
  }

  @Test
  void signalsThatAreNotHeard_areDegraded() {
    Signals deaf =
        new Signals() {
          @Override
          public Registration listen(Listener listener) {
            throw new StorageException(StorageException.Kind.UNAVAILABLE, "no connection");
          }

          @Override
          public Registration await(Set<JobId> ids) {
            return () -> {};
          }
        };
    open(time, () -> with(Signals.class, deaf));
    start();
    assertThat(queue.health().status()).isEqualTo(Health.Status.UP);

    time.advance(Duration.ofSeconds(6));

    assertDegraded("The signals of the storage have not been heard for 6 s, ");
  }

  @Test
  void signalsThatStopToCome_areDegraded_untilTheyComeAgain() {
    AtomicBoolean hears = new AtomicBoolean(true);
    Signals signals =
        new Signals() {
          @Override
          public Registration listen(Listener listener) {
            return new Registration() {
              @Override
              public boolean hears() {
                return hears.get();
              }

              @Override
              public void close() {}
            };
          }

          @Override
          public Registration await(Set<JobId> ids) {
            return () -> {};
          }
        };
    open(time, () -> with(Signals.class, signals));
    start();
    hears.set(false);
    assertThat(queue.health().status()).isEqualTo(Health.Status.UP);
    time.advance(Duration.ofSeconds(6));
    assertDegraded("The signals of the storage have not been heard for 6 s, ");

    hears.set(true);

    assertThat(queue.health().status()).isEqualTo(Health.Status.UP);
  }

  @Test
  void aClockThatIsOff_isDegraded() {
    AtomicReference<Duration> offset = new AtomicReference<>(Duration.ofSeconds(7));
    ServerClock server = () -> time.now().plus(offset.get());
    open(time, () -> with(ServerClock.class, server));

    assertDegraded("The clock of this host is PT7S behind the storage server's.");
  }

  @Test
  void aPlugin_readsTheVitals() throws Exception {
    AtomicReference<Supplier<Vitals>> vitals = new AtomicReference<>();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    ServerClock server = () -> time.now().minus(Duration.ofSeconds(2));
    open(time, () -> with(ServerClock.class, server))
        .use(
            Plugin.of(
                "metrics",
                installer -> {
                  vitals.set(installer.require(Vitals.class));
                  installer.loop("push", () -> Long.MAX_VALUE);
                  installer.listen(event -> {});
                }));
    queue.handle(
        WORK,
        (text, job) -> {
          running.countDown();
          end.await();
        });
    queue.enqueue(WORK, "x");
    assertThat(vitals.get().get().work()).isEqualTo(Vitals.Work.NONE);
    queue.start();
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

    Vitals read = vitals.get().get();

    assertThat(read.work()).isEqualTo(new Vitals.Work(16, 1, 0, 0));
    assertThat(read.clockOffset()).isEqualTo(Duration.ofSeconds(-2));
    assertThat(read.droppedEvents()).isZero();
    assertThat(read.loops())
        .extracting(Vitals.Loop::name)
        .contains("exchange", "heartbeat", "maintain", "fence", "metrics.push", "events-metrics");
    assertThat(read.loops())
        .allSatisfy(
            loop -> {
              assertThat(loop.stalled()).isFalse();
              assertThat(loop.restarts()).isZero();
              assertThat(loop.failures()).isZero();
            });
    end.countDown();
    queue.stop();
    assertThat(read.work()).isEqualTo(Vitals.Work.NONE);
    assertThat(read.loops()).extracting(Vitals.Loop::name).containsExactly("events-metrics");
  }

  @Test
  void aLoopThatFailsEachTime_isDegraded_andOneOfAPluginThatHangsToo() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(ReferenceStorage::create)
            .setting("noria.worker.stall-after", "100ms")
            .build()
            .use(
                Plugin.of(
                    "bad",
                    installer -> {
                      installer.loop(
                          "failing",
                          () -> {
                            throw new IllegalStateException("on purpose");
                          });
                      installer.loop(
                          "hanging",
                          () -> {
                            hanging.countDown();
                            end.await();
                            return Long.MAX_VALUE;
                          });
                    }));
    start();
    assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();

    await(
        () ->
            String.join("\n", queue.health().reasons())
                .matches(
                    "(?s).*'bad.failing' failed \\d+ times in a row.*"
                        + "'bad.hanging' has stood still for .*"));

    assertThat(queue.health().status()).isEqualTo(Health.Status.DEGRADED);
    end.countDown();
    await(() -> !String.join("", queue.health().reasons()).contains("bad.hanging"));
  }
}
