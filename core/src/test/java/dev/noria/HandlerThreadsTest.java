package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobType;
import dev.noria.tck.model.ReferenceStorage;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** On which threads handlers run. */
class HandlerThreadsTest {
  private static final JobType<String> WORK = JobType.of("work", String.class);

  private static JobQueueBuilder builder() {
    return JobQueue.builder().discovery(Discovery.none()).storage(ReferenceStorage::create);
  }

  private static Thread threadOfAHandler(JobQueue queue) throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    queue
        .handle(
            WORK,
            (text, job) -> {
              thread.set(Thread.currentThread());
              done.countDown();
            })
        .start();
    assertThat(queue.enqueue(WORK, "x").isEnqueued()).isTrue();
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    return thread.get();
  }

  /** By its name: this is compiled for a JDK that has none of them. */
  private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
    return Runtime.version().feature() >= 21
        && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
  }

  @Test
  void handlers_runOnVirtualThreadsWhereTheJdkHasThem() throws Exception {
    try (JobQueue queue = builder().build()) {
      Thread thread = threadOfAHandler(queue);
      assertThat(isVirtual(thread)).isEqualTo(Runtime.version().feature() >= 21);
      assertThat(thread.isDaemon()).as("keeps no JVM from ending").isTrue();
      if (Runtime.version().feature() < 21) {
        assertThat(thread.getName()).startsWith("noria-handler-");
      }
    }
  }

  @Test
  void theUsersExecutor_runsHandlersAndIsLeftAlone() throws Exception {
    ExecutorService own = Executors.newFixedThreadPool(2, task -> new Thread(task, "mine"));
    try {
      try (JobQueue queue = builder().executor(own).build()) {
        Thread thread = threadOfAHandler(queue);
        assertThat(thread.getName()).isEqualTo("mine");
        assertThat(isVirtual(thread)).isFalse();
      }
      assertThat(own.isShutdown()).isFalse();
    } finally {
      own.shutdown();
    }
  }

  @Test
  void asManyHandlersRunAtOnce_asTheConcurrencySays() throws Exception {
    int many = 32;
    CountDownLatch all = new CountDownLatch(many);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (JobQueue queue = builder().concurrency(many).build()) {
      queue
          .handle(
              WORK,
              (text, job) -> {
                threads.add(Thread.currentThread());
                all.countDown();
                assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
              })
          .start();
      queue.enqueueMany(java.util.stream.IntStream.range(0, many).mapToObj(i -> WORK.job("x")));
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(threads).hasSize(many);
  }
}
