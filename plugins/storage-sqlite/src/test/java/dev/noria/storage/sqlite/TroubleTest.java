package dev.noria.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TroubleTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("jobs.db");
  }

  @Test
  void foreignWriteLock_isWaitedForAsLongAsBusyTimeoutSays() throws Exception {
    SqliteOptions impatient = Fixture.options(file()).withBusyTimeout(Duration.ofMillis(100));
    try (JobStorage storage = SqliteStorage.open(impatient);
        JobStorage patient = SqliteStorage.open(Fixture.options(file()));
        Connection connection = Fixture.connect(file());
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> Fixture.enqueue(storage, Fixture.job()))
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(e.outcomeUnknown()).isFalse();
              })
          .hasMessageContaining("busyTimeout");
      NewJob job = Fixture.job();
      CompletableFuture<NewJob> waiting =
          CompletableFuture.supplyAsync(() -> Fixture.enqueue(patient, job));
      assertThat(patient.find(List.of(job.id()), Set.of())).isEmpty();
      statement.execute("ROLLBACK");
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(job);
      assertThat(Fixture.dequeue(storage, 10).jobs()).hasSize(1);
    }
  }

  @Test
  void interruptedCaller_isServedAndStaysInterrupted() {
    try (JobStorage storage = SqliteStorage.open(Fixture.options(file()))) {
      Thread.currentThread().interrupt();
      NewJob job = Fixture.enqueue(storage, Fixture.job());
      boolean interrupted = Thread.interrupted();
      assertThat(interrupted).isTrue();
      assertThat(storage.find(List.of(job.id()), Set.of())).hasSize(1);
    }
  }

  @Test
  void fullDatabase_refusesAndRecovers() {
    try (SqliteStorage storage = SqliteStorage.open(Fixture.options(file()))) {
      limitPages(storage, 100);
      assertThatThrownBy(() -> storage.enqueue(Fixture.call(), Fixture.jobs(5_000), Fixture.NOW))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
          .hasMessageContaining("disk is full");
      assertThat(Fixture.dequeue(storage, 10).jobs()).isEmpty();
      limitPages(storage, 1_000_000);
      Fixture.enqueue(storage, Fixture.job());
      assertThat(Fixture.dequeue(storage, 10).jobs()).hasSize(1);
    }
  }

  private static void limitPages(SqliteStorage storage, int pages) {
    storage
        .writer()
        .call(
            tx -> {
              tx.session().once("PRAGMA max_page_count = " + pages);
              return pages;
            });
  }

  @Test
  void deadProcess_losesItsLeasesAtOnce() throws Exception {
    try (JobStorage storage = SqliteStorage.open(Fixture.options(file()))) {
      NewJob mine = Fixture.enqueue(storage, Fixture.job());
      assertThat(Fixture.dequeue(storage, 1).jobs()).hasSize(1);
      NewJob theirs = Fixture.enqueue(storage, Fixture.job());
      Process child = child();
      assertThat(storage.maintain(100, Fixture.NOW).reclaimed()).isEmpty();
      child.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      Maintained maintained = storage.maintain(100, Fixture.NOW);
      assertThat(maintained.reclaimed()).containsExactly(theirs.id());
      assertThat(storage.find(List.of(mine.id()), Set.of()).get(0).state())
          .isEqualTo(JobState.RUNNING);
      assertThat(Fixture.dequeue(storage, 10).jobs()).hasSize(1);
    }
  }

  /** Another process with the same owner string that has leased a job. */
  private Process child() throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                file().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("leased 1");
    return child;
  }

  /** What the other process runs. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] args) throws IOException {
      JobStorage storage = SqliteStorage.open(Fixture.options(Path.of(args[0])));
      System.out.println("leased " + Fixture.dequeue(storage, 1).jobs().size());
      int end = System.in.read();
      System.exit(end);
    }
  }
}
