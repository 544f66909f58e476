package dev.noria.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.sqlite.SqliteOptions.Migrate;
import dev.noria.storage.sqlite.SqliteOptions.Synchronous;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAndCloseTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("jobs.db");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void durability_isReadBackFromTheSettings() {
    try (JobStorage full = SqliteStorage.open(Fixture.options(file()))) {
      assertThat(full.info().durability()).isEqualTo(Durability.HOST);
      assertThat(full.info().name()).startsWith("SQLite 3.");
      assertThat(full.info().location()).isEqualTo(file().toString());
    }
    SqliteOptions normal = Fixture.options(file()).withSynchronous(Synchronous.NORMAL);
    try (JobStorage storage = SqliteStorage.open(normal)) {
      assertThat(storage.info().durability()).isEqualTo(Durability.PROCESS);
    }
    try (JobStorage memory = SqliteStorage.open(SqliteOptions.defaults())) {
      assertThat(memory.info().durability()).isEqualTo(Durability.VOLATILE);
    }
  }

  @Test
  void eightAtOnce_openAndWorkOnOneNewFile() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Callable<Integer>> openers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      openers.add(
          () -> {
            try (JobStorage storage = SqliteStorage.open(Fixture.options(file()))) {
              Fixture.enqueue(storage, Fixture.job());
              return 1;
            }
          });
    }
    int opened = 0;
    for (Future<Integer> opener : threads.invokeAll(openers)) {
      opened += opener.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
    assertThat(opened).isEqualTo(8);
    try (JobStorage storage = SqliteStorage.open(Fixture.options(file()))) {
      assertThat(Fixture.dequeue(storage, 100).jobs()).hasSize(8);
    }
  }

  @Test
  void close_leavesOneCompleteFile() throws IOException {
    NewJob job;
    try (JobStorage storage = SqliteStorage.open(Fixture.options(file()))) {
      job = Fixture.enqueue(storage, Fixture.job());
      assertThat(names()).contains("jobs.db", "jobs.db-owners");
    }
    assertThat(names()).containsExactly("jobs.db");
    Path copy = folder.resolve("copy.db");
    Files.copy(file(), copy);
    try (JobStorage storage = SqliteStorage.open(Fixture.options(copy))) {
      assertThat(storage.find(List.of(job.id()), Set.of()).get(0).state())
          .isEqualTo(JobState.READY);
    }
  }

  @Test
  void callAfterClose_isRefused() {
    JobStorage storage = SqliteStorage.open(Fixture.options(file()));
    storage.close();
    storage.close();
    assertThatThrownBy(() -> Fixture.enqueue(storage, Fixture.job()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void nextSchemaThatSaysSo_isWorkedWithByThisReleaseWhileAndAfterItIsMade() throws SQLException {
    NewJob job;
    try (JobStorage storage = SqliteStorage.open(Fixture.options(file()))) {
      Fixture.enqueue(storage, Fixture.job());
      try (JobStorage next = SqliteStorage.open(Fixture.options(file()), Fixture.NEXT_RELEASE)) {
        assertThat(Fixture.dequeue(next, 1).jobs()).hasSize(1);
        job = Fixture.enqueue(storage, Fixture.job());
        assertThat(next.find(List.of(job.id()), Set.of())).hasSize(1);
      }
    }
    assertThat(version()).containsExactly("2", "1");
    SqliteOptions validate = Fixture.options(file()).withMigrate(Migrate.VALIDATE);
    try (JobStorage storage = SqliteStorage.open(validate)) {
      assertThat(Fixture.dequeue(storage, 1).jobs()).hasSize(1);
    }
    assertThat(version()).as("an older release leaves it alone").containsExactly("2", "1");
    assertThat(Fixture.row(file(), "SELECT colour FROM noria_job WHERE seq = 2"))
        .containsExactly("blue");
  }

  private List<String> version() throws SQLException {
    return Fixture.row(
        file(),
        "SELECT (SELECT value FROM noria_meta WHERE name = 'schema'),"
            + " (SELECT value FROM noria_meta WHERE name = 'schema_readable_by')");
  }

  @Test
  void nextSchemaThatDoesNotSaySo_isRefused() {
    SqliteStorage.open(Fixture.options(file()), breaking()).close();
    assertThatThrownBy(() -> SqliteStorage.open(Fixture.options(file())))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageContaining("version 2")
        .hasMessageContaining("Expected at most 1, or one that says this version can read it");
  }

  private static Migrations breaking() {
    return new Migrations(
        List.of(new Migrations.Step("001_first", 1), new Migrations.Step("002_breaking", 2)));
  }

  @Test
  void breakingMigration_waitsUntilNobodyElseIsThere() throws SQLException {
    try (JobStorage storage = SqliteStorage.open(Fixture.options(file()))) {
      assertThatThrownBy(() -> SqliteStorage.open(Fixture.options(file()), breaking()))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
          .hasMessageContaining("has version 1")
          .hasMessageContaining("can not go on with version 2")
          .hasMessageContaining("Close them");
      Fixture.enqueue(storage, Fixture.job());
    }
    assertThat(version()).containsExactly("1", "1");
    Fixture.run(file(), "INSERT INTO noria_instance (id, pid, started) VALUES ('dead', 0, 0)");
    SqliteStorage.open(Fixture.options(file()), breaking()).close();
    assertThat(version()).containsExactly("2", "2");
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 4", "0, 1"})
  void migrationThatTakesABreakBack_isRefused(int second, int third) {
    List<Migrations.Step> steps =
        List.of(
            new Migrations.Step("001_first", 1),
            new Migrations.Step("002_breaking", second),
            new Migrations.Step("003_more", third));
    assertThatThrownBy(() -> new Migrations(steps))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is readable by version");
  }

  @Test
  void newerSchema_isRefusedAndSaysWhatToDo() throws SQLException {
    SqliteStorage.open(Fixture.options(file())).close();
    Fixture.run(file(), "UPDATE noria_meta SET value = 7 WHERE name LIKE 'schema%'");
    assertThatThrownBy(() -> SqliteStorage.open(Fixture.options(file())))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageContaining("version 7")
        .hasMessageContaining("at most 1")
        .hasMessageContaining("Update");
    SqliteStorage.open(Fixture.options(file()).withMigrate(Migrate.NONE)).close();
  }

  @Test
  void validate_refusesAMissingSchemaAndTakesTheNewest() {
    SqliteOptions validate = Fixture.options(file()).withMigrate(Migrate.VALIDATE);
    assertThatThrownBy(() -> SqliteStorage.open(validate))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("migrate=AUTO");
    SqliteStorage.open(Fixture.options(file())).close();
    SqliteStorage.open(validate).close();
  }

  @Test
  void namespaces_liveInOneFile() throws SQLException {
    try (JobStorage one = SqliteStorage.open(Fixture.options(file()).withNamespace("0"));
        JobStorage two = SqliteStorage.open(Fixture.options(file()).withNamespace("job_queue"))) {
      NewJob job = Fixture.job();
      Fixture.enqueue(one, job);
      Fixture.enqueue(two, job);
      assertThat(Fixture.dequeue(one, 10).jobs()).hasSize(1);
      assertThat(Fixture.dequeue(two, 10).jobs()).hasSize(1);
    }
    assertThat(Fixture.row(file(), "SELECT count(*) FROM \"0_job\"")).containsExactly("1");
  }

  @Test
  void noDatabase_isCorrupt() throws IOException {
    Files.writeString(file(), "This is no database at all, however long one looks.".repeat(99));
    assertThatThrownBy(() -> SqliteStorage.open(Fixture.options(file())))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
        .hasMessageContaining("not a SQLite database");
  }

  @Test
  void missingFolder_isUnavailable() {
    Path file = folder.resolve("no/such/jobs.db");
    assertThatThrownBy(() -> SqliteStorage.open(Fixture.options(file)))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining(file.toString());
  }
}
