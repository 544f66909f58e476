package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobType;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageInfo;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.fault.Hold;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.model.ReferenceStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs with keys may wait for locks that other jobs have nothing to do with. */
class KeyedLaneTest {
  private static final JobType<String> SAY = JobType.of("say", String.class);

  private final FaultyStorage storage = FaultyStorage.over(ReferenceStorage.create());
  private final JobQueue queue =
      JobQueue.builder().discovery(Discovery.none()).storage(this::durable).build();

  /** Not the common pool: on two processors it may have one thread, and that is held here. */
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    callers.shutdownNow();
    queue.close();
  }

  /** A storage that commits, so that its calls gather in lanes. */
  private JobStorage durable() {
    StorageInfo own = storage.info();
    StorageInfo info =
        new StorageInfo(
            own.name(),
            own.location(),
            Durability.HOST,
            own.limits(),
            own.deviations(),
            own.callerRuns());
    return (JobStorage)
        Proxy.newProxyInstance(
            JobStorage.class.getClassLoader(),
            new Class<?>[] {JobStorage.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("info")) {
                return info;
              }
              try {
                return method.invoke(storage, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private CompletableFuture<JobId> enqueue(JobOption... options) {
    return CompletableFuture.supplyAsync(() -> queue.enqueue(SAY, "x", options).id(), callers);
  }

  @Test
  void jobsWithoutKeys_doNotWaitForAKeyedCall() throws Exception {
    queue.describe();
    try (Hold hold = storage.holdBefore(Operation.ENQUEUE)) {
      CompletableFuture<JobId> keyed = enqueue(JobOption.key("locked"));
      hold.awaitArrival(Duration.ofSeconds(20));
      CompletableFuture<JobId> alsoKeyed = enqueue(JobOption.key("free"));

      assertThat(enqueue().get(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(enqueue(JobOption.group("g")).get(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(keyed).isNotDone();
      assertThat(alsoKeyed).as("waits in the lane of the held call").isNotDone();

      hold.release();
      assertThat(keyed.get(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(alsoKeyed.get(20, TimeUnit.SECONDS)).isNotNull();
    }
  }
}
