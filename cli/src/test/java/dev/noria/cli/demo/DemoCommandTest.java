package dev.noria.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.cli.Main;
import dev.noria.cli.Output;
import dev.noria.job.JobFilter;
import dev.noria.job.JobState;
import dev.noria.job.Page;
import dev.noria.job.StoredJob;
import dev.noria.tck.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  private static final int FILES = 3_003;
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
  @TempDir Path temporary;
  private Path folder;
  private String storage;
  private long bytes;

  @BeforeEach
  void files() throws IOException {
    folder = Files.createDirectory(temporary.resolve("some files"));
    storage = "sqlite:" + temporary.resolve("noria-demo.db");
    for (int i = 0; i < FILES; i++) {
      Path file = folder.resolve(i + " ä\n.txt");
      Files.writeString(file, "one two\n".repeat(i % 7));
      bytes += Files.size(file);
    }
  }

  private Output demo(String... more) {
    return Output.of(
        Stream.concat(Stream.of("demo", folder.toString()), Arrays.stream(more))
            .toArray(String[]::new));
  }

  /** A demo in a JVM of its own that reads one file at a time and has said {@code until}. */
  private ChildJvm started(List<String> heard, String until) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    ChildJvm child =
        ChildJvm.start(
            Main.class,
            List.of("demo", folder.toString(), "--storage", storage, "--concurrency", "1"),
            line -> {
              heard.add(line);
              if (line.contains(until)) {
                begun.countDown();
              }
            });
    assertThat(begun.await(60, TimeUnit.SECONDS)).as(child::errors).isTrue();
    return child;
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as(what).isNegative();
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** How many files have been read. */
  private static int read(JobQueue queue) {
    int count = 0;
    String cursor = null;
    do {
      Page<StoredJob> page =
          queue.list(
              JobFilter.all().queue(DemoJobs.FILES).states(JobState.COMPLETED), cursor, 1_000);
      count += page.items().size();
      cursor = page.next();
    } while (cursor != null);
    return count;
  }

  /** Every file stands in it exactly once. */
  private void assertSummary(String printed) {
    assertThat(printed.replaceAll(" +", " "))
        .containsPattern(String.format("\ntotal %,d %,d ", FILES, bytes));
  }

  @Test
  void demo_memory_everyFileOnce() {
    Output output = demo("--storage", "memory:");

    assertThat(output.err()).isEmpty();
    assertThat(output.exit()).isZero();
    assertSummary(output.out());
  }

  @Test
  void demo_sqliteTwice_secondRunReadsAgain() throws IOException {
    Output first = demo("--storage", storage);
    assertSummary(first.out());
    Files.writeString(folder.resolve("0 ä\n.txt"), "new");
    bytes += 3;

    Output second = demo("--storage", storage);

    assertThat(second.out()).startsWith("Reading ");
    assertSummary(second.out());
  }

  @Test
  void demo_noFiles_emptyTotal() throws IOException {
    folder = Files.createDirectory(temporary.resolve("empty"));

    Output output = demo("--storage", "memory:");

    assertThat(output.exit()).isZero();
    assertThat(output.out().replaceAll(" +", " ")).contains("total 0 0 0 0");
  }

  @Test
  void demo_twoAtOnce_bothPrintEveryFileOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Output> one = threads.submit(() -> demo("--storage", storage));
      Future<Output> two = threads.submit(() -> demo("--storage", storage));

      assertSummary(one.get(60, TimeUnit.SECONDS).out());
      assertSummary(two.get(60, TimeUnit.SECONDS).out());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void demo_files_everyFileOnceInCollectorsOf500() {
    String place = "file:" + temporary.resolve("noria-demo");

    Output output = demo("--storage", place);

    assertThat(output.err()).isEmpty();
    assertThat(output.exit()).isZero();
    assertSummary(output.out());
    try (JobQueue look = JobQueue.open(place)) {
      List<String> paths = new ArrayList<>();
      Stored.each(look, DemoJobs.FILES, job -> paths.add(Enqueuing.path(job)));
      assertThat(paths).hasSize(FILES).doesNotHaveDuplicates();
      assertThat(look.counts(DemoJobs.PARTS).of(JobState.COMPLETED)).isEqualTo(7);
      assertThat(look.counts(DemoJobs.SUMMARY).of(JobState.COMPLETED)).isEqualTo(1);
    }
  }

  @Tag("slow")
  @Test
  void demo_killedThreeTimes_resumesWithinTwoSecondsAndEveryFileStandsOnce() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (JobQueue look = JobQueue.open(storage)) {
      for (int kill = 0; kill < 3; kill++) {
        int before = read(look);
        try (ChildJvm child = started(heard, kill == 0 ? "Reading" : "Going on with")) {
          await("some files are read", () -> read(look) > before + 10);
          child.kill();
        }
      }
      assertThat(resumed(look, heard, "kill -9")).isLessThan(TWO_SECONDS);
    }
    assertSummary(String.join("\n", heard) + "\n");
  }

  /**
   * Goes on to the end in another process.
   *
   * @return how long after it began to work it had read a file; what a JVM takes to start is only
   *     printed, for it says more about the machine
   */
  private Duration resumed(JobQueue look, List<String> heard, String after) throws Exception {
    int before = read(look);
    assertThat(before).isLessThan(FILES);
    long start = System.nanoTime();
    try (ChildJvm child = started(heard, "Going on with")) {
      long began = System.nanoTime();
      await("it reads on", () -> read(look) > before);
      long on = System.nanoTime();
      System.out.printf(
          "demo after %s: on again %d ms after it said so, %d ms after its start%n",
          after, (on - began) / 1_000_000, (on - start) / 1_000_000);
      assertThat(child.await(Duration.ofSeconds(60))).as(child::errors).isZero();
      return Duration.ofNanos(on - began);
    }
  }

  @Tag("slow")
  @Test
  void demo_otherFolderUnfinished_refusedUnlessFresh() throws Exception {
    try (ChildJvm child = started(new CopyOnWriteArrayList<>(), " files/s")) {
      child.kill();
    }
    Path other = Files.createDirectory(temporary.resolve("other"));
    Files.writeString(other.resolve("a.txt"), "a");

    Output refused = Output.of("demo", other.toString(), "--storage", storage);
    Output fresh = Output.of("demo", other.toString(), "--storage", storage, "--fresh");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("unfinished run over " + folder).contains("--fresh");
    assertThat(fresh.exit()).isZero();
    assertThat(fresh.out().replaceAll(" +", " ")).contains("total 1 1 ");
  }

  @Test
  void demo_sigterm_oneLastLineAndGoesOn() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (ChildJvm child = started(heard, "Reading")) {
      child.terminate();
      assertThat(child.await(Duration.ofSeconds(30))).isEqualTo(143);
      assertThat(child.errors()).isEmpty();
    }
    assertThat(heard).last().isEqualTo("Stopped. Run the same command again to go on.");

    assertSummary(demo("--storage", storage).out());
  }

  @Tag("slow")
  @Test
  void demo_twoProcessesAtOnce_bothPrintEveryFileOnce() throws Exception {
    List<String> one = new CopyOnWriteArrayList<>();
    List<String> two = new CopyOnWriteArrayList<>();
    List<String> arguments = List.of("demo", folder.toString(), "--storage", storage);
    try (ChildJvm first = ChildJvm.start(Main.class, arguments, one::add);
        ChildJvm second = ChildJvm.start(Main.class, arguments, two::add)) {
      assertThat(first.await(Duration.ofSeconds(60))).as(first::errors).isZero();
      assertThat(second.await(Duration.ofSeconds(60))).as(second::errors).isZero();
      assertThat(first.errors() + second.errors()).isEmpty();
    }

    assertSummary(String.join("\n", one) + "\n");
    assertSummary(String.join("\n", two) + "\n");
  }

  @Test
  void demo_ctrlC_resumesWithinTwoSecondsAndEveryFileStandsOnce() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (JobQueue look = JobQueue.open(storage)) {
      try (ChildJvm child = started(heard, "Reading")) {
        await("some files are read", () -> read(look) > 10);
        child.interrupt();
        assertThat(child.await(Duration.ofSeconds(30))).isEqualTo(130);
        assertThat(child.errors()).isEmpty();
      }
      assertThat(heard).last().isEqualTo("Stopped. Run the same command again to go on.");
      assertThat(resumed(look, heard, "Ctrl-C")).isLessThan(TWO_SECONDS);
    }
    assertSummary(String.join("\n", heard) + "\n");
  }
}
