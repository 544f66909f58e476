package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.Inspection;
import dev.noria.storage.LeasedJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deep backlog: how fast it opens, what it takes of the heap, and that a job costs the same. */
@Tag("chaos")
class BacklogTest {
  private static final int JOBS = 1_000 * Integer.getInteger("noria.test.rounds", 1_000);
  private static final Bytes PAYLOAD = Bytes.utf8("x".repeat(200));
  private static final long MOST_HEAP = 200L << 20;
  private static final double MOST_SECONDS = 5;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong clients = new AtomicLong(1_000);
  @TempDir Path folder;

  private NewJob job() {
    long number = numbers.incrementAndGet();
    JobId id = new JobId(0x0190_0000_0000_7000L + (number << 16), number | Long.MIN_VALUE);
    return NewJob.builder(id, "mail", Scene.QUEUE, PAYLOAD).build();
  }

  private FileStorage open() {
    return FileStorage.open(FileOptions.defaults().withRoot(folder.resolve("jobs")));
  }

  @Test
  void backlog_ofChunks_opensFastAndIsSmall() {
    try (FileStorage storage = open()) {
      long start = System.nanoTime();
      for (int i = 0; i < JOBS; i += 1_000) {
        List<NewJob> jobs = new ArrayList<>();
        for (int n = 0; n < 1_000; n++) {
          jobs.add(job());
        }
        storage.enqueue(new CallId(1, i + 1), jobs, Scene.NOW);
      }
      tell("filled by 1000", JOBS, start);
    }
    check();
  }

  @Test
  void backlog_ofSingles_opensFastAndIsSmall() throws Exception {
    int threads = 64;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (FileStorage storage = open()) {
      long start = System.nanoTime();
      List<Future<?>> fills = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        fills.add(pool.submit(() -> fill(storage, JOBS / threads)));
      }
      for (Future<?> one : fills) {
        one.get();
      }
      tell("filled by 64 threads", numbers.get(), start);
    } finally {
      pool.shutdownNow();
    }
    check();
  }

  private void fill(FileStorage storage, int jobs) {
    long client = clients.incrementAndGet();
    for (int i = 1; i <= jobs; i++) {
      storage.enqueue(new CallId(client, i), List.of(job()), Scene.NOW);
    }
  }

  private void check() {
    long before = heap();
    long start = System.nanoTime();
    FileStorage storage = open();
    double seconds = (System.nanoTime() - start) / 1e9;
    long heap = heap() - before;
    System.out.printf(
        "open with %,d jobs: %.2f s; idle heap %,d MB%n", numbers.get(), seconds, heap >> 20);
    assertThat(storage.capability(Inspection.class).orElseThrow().counts(Scene.QUEUE).total())
        .isEqualTo(numbers.get());
    start = System.nanoTime();
    long drained = drain(storage, JOBS / 2);
    tell("drained by 100", drained, start);
    storage.close();
    assertThat(heap).isLessThan(MOST_HEAP);
    assertThat(seconds).isLessThan(MOST_SECONDS);
  }

  private static long drain(FileStorage storage, int most) {
    long drained = 0;
    List<Ack> acks = List.of();
    for (long call = 1; drained < most; call++) {
      DequeueRequest request =
          new DequeueRequest(
              "worker",
              7,
              Scene.LATER,
              List.of(new Demand(Scene.QUEUE, 200)),
              200,
              Long.MAX_VALUE,
              false,
              0);
      Exchange exchange = storage.exchange(new CallId(2, call), acks, request, Scene.NOW);
      acks = new ArrayList<>();
      for (LeasedJob job : exchange.jobs()) {
        assertThat(job.payload()).isEqualTo(PAYLOAD);
        acks.add(new Ack.Completed(job.lease()));
      }
      drained += acks.size();
    }
    return drained;
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void tell(String what, long jobs, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "%s: %,d jobs in %.1f s, %,.0f jobs/s%n", what, jobs, seconds, jobs / seconds);
  }
}
