package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.storage.Capability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Signals.Registration;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import dev.noria.tck.model.ReferenceStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A storage that an interrupt could hurt is never called on a thread that somebody may interrupt:
 * not by users, not by handlers, not through a capability.
 */
class StorageThreadsTest {
  record Text(String text) {}

  private static final JobType<Text> WORK = JobType.of("work", Text.class);
  private static final Set<String> CHEAP = Set.of("info", "capability");

  /** Which threads called what. */
  private final Map<String, Set<String>> callers = new ConcurrentHashMap<>();

  private final JobStorage inner = ReferenceStorage.create();
  private final JobQueue queue =
      JobQueue.builder()
          .discovery(Discovery.none())
          .storage(() -> noting(JobStorage.class, inner))
          .build();

  @AfterEach
  void close() {
    queue.close();
  }

  private <T> T noting(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> note(target, method, args)));
  }

  private @Nullable Object note(Object target, Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    if (!CHEAP.contains(method.getName())) {
      callers
          .computeIfAbsent(method.getName(), any -> ConcurrentHashMap.newKeySet())
          .add(Thread.currentThread().getName());
    }
    try {
      return switch (method.getName()) {
        case "info" -> fragile(inner.info());
        case "capability" -> inner.capability(asked(args)).map(it -> noted(asked(args), it));
        case "listen", "await" -> noting(Registration.class, registered(target, method, args));
        default -> method.invoke(target, args);
      };
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Registration registered(
      Object target, Method method, @Nullable Object @Nullable [] args)
      throws ReflectiveOperationException {
    return Registration.class.cast(method.invoke(target, args));
  }

  private <T extends Capability> T noted(Class<T> type, Capability target) {
    return noting(type, type.cast(target));
  }

  @SuppressWarnings("unchecked")
  private static Class<Capability> asked(@Nullable Object @Nullable [] args) {
    return (Class<Capability>) Optional.ofNullable(args).orElseThrow()[0];
  }

  private static StorageInfo fragile(StorageInfo info) {
    return new StorageInfo(
        info.name(), info.location(), info.durability(), info.limits(), info.deviations(), false);
  }

  @Test
  void everyCall_isMadeOnAThreadThatNobodyInterrupts() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    queue
        .handle(
            WORK,
            (text, job) -> {
              job.progress(50, "halfway");
              job.log("a line");
              assertThat(job.extend()).isTrue();
              done.countDown();
            })
        .start();
    JobId id = queue.enqueue(WORK, new Text("go")).id();
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    queue.find(id);
    queue.cancel(id);
    queue.counts("default");
    queue.pause("default");
    queue.purge(Set.of(JobState.DEAD), Duration.ZERO);
    queue.workers();
    queue.close();

    assertThat(callers)
        .containsKeys("enqueue", "exchange", "extend", "find", "progress", "log", "cancel")
        .containsKeys("counts", "pause", "purge", "list", "compareAndSet", "listen", "close");
    assertThat(callers).allSatisfy((call, on) -> assertThat(on).containsOnly("noria-storage"));
  }

  @Test
  void anInterruptOfTheCaller_staysPending_andTheCallIsMade() {
    Thread.currentThread().interrupt();

    JobId id = queue.enqueue(WORK, new Text("go")).id();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(queue.find(id)).isPresent();
  }

  @Test
  void anError_comesOutAsItIs() {
    queue.describe();
    inner.close();

    assertThatThrownBy(() -> queue.find(new JobId(0, 1))).isInstanceOf(StorageException.class);
  }

  @Test
  void aWrongArgument_isTheCallersMistake_notTheStorages() {
    assertThatThrownBy(() -> queue.list(JobFilter.all(), "no cursor", 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(queue.health().status()).isEqualTo(Health.Status.UP);
  }
}
