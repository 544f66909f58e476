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
import java.io.IOException;
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
  private static final Bytes LARGE = Bytes.utf8("x".repeat(1 << 20));
  private static final long MOST_HEAP = 200L << 20;
  private static final double MOST_SECONDS = 5;
  private static final double MOST_STALL_SECONDS = 1;
  private static final double MOST_DEPTH_COST = 1.3;
  private static final DequeueRequest REQUEST =
      new DequeueRequest(
          "worker",
          7,
          Scene.LATER,
          List.of(new Demand(Scene.QUEUE, 200)),
          200,
          Long.MAX_VALUE,
          false,
          0);
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong clients = new AtomicLong(1_000);
  private final AtomicLong longest = new AtomicLong();
  @TempDir Path folder;

  private NewJob job() {
    long number = numbers.incrementAndGet();
    JobId id = new JobId(0x0190_0000_0000_7000L + (number << 16), number | Long.MIN_VALUE);
    return NewJob.builder(id, "mail", Scene.QUEUE, PAYLOAD).build();
  }

  private FileStorage open(String name) {
    return FileStorage.open(FileOptions.defaults().withRoot(folder.resolve(name)));
  }

  /** How a backlog comes about. */
  private interface Fill {
    void fill(FileStorage storage, int jobs) throws Exception;
  }

  @Test
  void backlog_ofChunks_opensFastIsSmallAndCostsTheSame() throws Exception {
    check("1000 at a time", this::fillByChunks);
  }

  @Test
  void backlog_ofSingles_opensFastIsSmallAndCostsTheSame() throws Exception {
    check("64 threads", this::fillBySingles);
  }

  private void fillByChunks(FileStorage storage, int jobs) {
    long client = clients.incrementAndGet();
    for (int i = 0; i < jobs; i += 1_000) {
      List<NewJob> chunk = new ArrayList<>();
      for (int n = 0; n < 1_000; n++) {
        chunk.add(job());
      }
      storage.enqueue(new CallId(client, i + 1), chunk, Scene.NOW);
    }
  }

  private void fillBySingles(FileStorage storage, int jobs) throws Exception {
    int threads = 64;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> fills = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int share = jobs / threads + (t < jobs % threads ? 1 : 0);
        fills.add(pool.submit(() -> fillOneByOne(storage, share)));
      }
      for (Future<?> one : fills) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private void fillOneByOne(FileStorage storage, int jobs) {
    long client = clients.incrementAndGet();
    for (int i = 1; i <= jobs; i++) {
      long start = System.nanoTime();
      storage.enqueue(new CallId(client, i), List.of(job()), Scene.NOW);
      longest.accumulateAndGet(System.nanoTime() - start, Math::max);
    }
  }

  private void check(String how, Fill fill) throws Exception {
    // The first one warms the draining up.
    fill("warm-up", this::fillByChunks, JOBS / 5);
    double ignored = cost(open("warm-up"));
    fill("shallow", fill, JOBS / 5);
    double shallow = cost(open("shallow"));
    fill("deep", fill, JOBS);
    long before = heap();
    long start = System.nanoTime();
    FileStorage storage = open("deep");
    double seconds = (System.nanoTime() - start) / 1e9;
    long heap = heap() - before;
    double depth = cost(storage) / shallow;
    System.out.printf(
        "backlog of %s: opens in %.2f s; idle heap %,d MB; D %.2f%n",
        how, seconds, heap >> 20, depth);
    assertThat(heap).isLessThan(MOST_HEAP);
    assertThat(seconds).isLessThan(MOST_SECONDS);
    assertThat(depth).isLessThan(MOST_DEPTH_COST);
  }

  private void fill(String name, Fill fill, int jobs) throws Exception {
    try (FileStorage storage = open(name)) {
      long from = numbers.get();
      long start = System.nanoTime();
      longest.set(0);
      fill.fill(storage, jobs);
      System.out.printf("longest call of one job: %,d ms%n", longest.get() / 1_000_000);
      tell("filled " + name, jobs, start);
      assertThat(storage.capability(Inspection.class).orElseThrow().counts(Scene.QUEUE).total())
          .isEqualTo(numbers.get() - from);
      if (name.equals("deep")) {
        System.out.printf("longest call with a checkpoint of all: %,d ms%n", stall(storage));
      }
    }
  }

  /** The longest call until there is a checkpoint of all jobs, in milliseconds. */
  private long stall(FileStorage storage) throws IOException {
    Checkpoints checkpoints = checkpoints("deep");
    long before = newest(checkpoints);
    long client = clients.incrementAndGet();
    long most = 0;
    for (int i = 1; newest(checkpoints) == before; i++) {
      NewJob large = job().toBuilder().queue("large").payload(LARGE).build();
      long start = System.nanoTime();
      storage.enqueue(new CallId(client, i), List.of(large), Scene.NOW);
      most = Math.max(most, System.nanoTime() - start);
    }
    assertThat(checkpoints.bytes(newest(checkpoints))).isGreaterThan(20L * JOBS);
    assertThat(most / 1e9).isLessThan(MOST_STALL_SECONDS);
    return most / 1_000_000;
  }

  private static long newest(Checkpoints checkpoints) throws IOException {
    return checkpoints.all().stream().findFirst().orElse(0L);
  }

  private Checkpoints checkpoints(String name) {
    Layout layout = new Layout(folder.resolve(name).resolve("noria"));
    Disk disk = Scene.disk(folder, false);
    return new Checkpoints(layout, disk, new Drafts(layout.temp(), disk, "nobody"));
  }

  /** Seconds per job of the second tenth of {@link #JOBS}, after which the storage is closed. */
  private double cost(FileStorage storage) {
    try (storage) {
      Object ignored = drain(storage);
      long start = System.nanoTime();
      long drained = drain(storage);
      tell("drained", drained, start);
      return (System.nanoTime() - start) / 1e9 / drained;
    }
  }

  private long drain(FileStorage storage) {
    long client = clients.incrementAndGet();
    long drained = 0;
    List<Ack> acks = List.of();
    for (long call = 1; drained < JOBS / 10; call++) {
      Exchange exchange = storage.exchange(new CallId(client, call), acks, REQUEST, Scene.NOW);
      assertThat(exchange.jobs()).isNotEmpty();
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
