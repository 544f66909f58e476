package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.JobQueueBuilder;
import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobType;
import dev.noria.job.RejectedException;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong, and the words that they read then. */
class BadInputTest {
  @TempDir private Path folder;

  private static JobQueueBuilder memory() {
    return JobQueue.builder().discovery(Discovery.none()).storage("memory:");
  }

  /** Opens the queue and answers what was wrong. */
  private static List<String> problems(JobQueue queue) {
    try (queue) {
      ConfigurationException error =
          catchThrowableOfType(ConfigurationException.class, () -> queue.workers());
      assertThat(error).as("a ConfigurationException").isNotNull();
      return error.problems().stream().map(Object::toString).toList();
    }
  }

  @Test
  void aWrongScheme_isAnsweredWithTheNearestOneAndTheArtifact() {
    assertThat(problems(JobQueue.open("sqlit:jobs.db")))
        .containsExactly(
            "NORIA-003 No storage opens the scheme 'sqlit:'. Expected one of those on the class"
                + " path: file, memory, postgres, postgresql, redis, redis+cluster, redis-sentinel,"
                + " rediss, sqlite. The nearest is 'sqlite:'. Correct the address, or add"
                + " dev.noria:noria-storage-sqlit to the class path.");
  }

  @Test
  void aStorageThatIsNotThere_isAnsweredWithItsArtifact() {
    assertThat(problems(JobQueue.open("s3://bucket")))
        .singleElement()
        .asString()
        .startsWith("NORIA-003 No storage opens the scheme 's3:'.")
        .endsWith("add dev.noria:noria-storage-s3 to the class path.");
  }

  @Test
  void noStorage_isAnsweredWithThreeWaysToNameOne() {
    assertThat(problems(JobQueue.create()))
        .containsExactly(
            "NORIA-001 No storage was named. Expected one address or storage plugin. Call"
                + " JobQueue.open(\"sqlite:jobs.db\"), use a storage plugin, or set"
                + " noria.storage.");
  }

  @Test
  void aBadOptionOfAnAddress_isAnsweredWithTheNearestOne() {
    assertThat(problems(JobQueue.open("sqlite:" + folder.resolve("x.db") + "?sincronous=full")))
        .singleElement()
        .asString()
        .startsWith("NORIA-006 The storage address sqlite:")
        .contains("no option 'sincronous'. Did you mean 'synchronous'?");
  }

  @Test
  void aMissingRequirement_namesTheServiceAndWhoNeedsIt() {
    Plugin needy = Plugin.of("needy", installer -> installer.require(DataSource.class));
    assertThat(problems(memory().build().use(needy)))
        .containsExactly(
            "NORIA-020 Nobody provides javax.sql.DataSource, which is needed by the plugin 'needy'."
                + " Expected a plugin or the user to provide it. Call"
                + " queue.provide(DataSource.class, …), or add the plugin that provides it.");
  }

  @Test
  void aMissingCapability_namesItAndWhoNeedsIt() {
    Plugin needy = Plugin.of("needy", installer -> installer.require(JdbcTransactions.class));
    assertThat(problems(memory().build().use(needy)))
        .containsExactly(
            "NORIA-021 The storage can not do JdbcTransactions, which is needed by the plugin"
                + " 'needy'. Expected a storage with this capability. Use another storage, or do"
                + " without the plugin 'needy'.");
  }

  @Test
  void twoProvidersOfOneId_areBothNamedWithTheirPlaces() throws Exception {
    ClassPath path =
        new ClassPath(folder)
            .file("META-INF/services/" + PluginProvider.class.getName(), Rival.class.getName());
    assertThat(path.with(() -> problems(JobQueue.open("memory:"))))
        .singleElement()
        .asString()
        .startsWith("NORIA-012 The plugin 'retries' is offered by ")
        .contains("dev.noria.retries.RetriesProvider in ", Rival.class.getName() + " in ")
        .endsWith(". Expected one provider. Remove one of them from the class path.");
  }

  @Test
  void lostServiceFiles_areFoundByTheMarkers() throws Exception {
    List<String> problems =
        new ClassPath(folder)
            .with(new ClassPath.Shaded(), () -> problems(JobQueue.open("sqlite:jobs.db")));
    assertThat(problems)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("NORIA-017 The provider dev.noria.")
                    .contains(
                        " is on the class path, but not in META-INF/services/dev.noria.plugin.")
                    .endsWith(
                        ". Expected all service files of that name to be merged when jars are"
                            + " made one. Use the ServicesResourceTransformer of"
                            + " maven-shade-plugin, or mergeServiceFiles() of Gradle's shadow"
                            + " plugin."));
  }

  @Test
  void aLostServiceFileOfAStorage_isFoundByItsMarker() throws Exception {
    List<String> problems =
        new ClassPath(folder)
            .with(
                new ClassPath.Shaded(),
                () ->
                    problems(
                        JobQueue.builder()
                            .discovery(Discovery.none())
                            .storage("sqlite:jobs.db")
                            .build()));
    assertThat(problems)
        .hasSize(2)
        .anyMatch(problem -> problem.startsWith("NORIA-003 "))
        .anyMatch(
            problem ->
                problem.startsWith(
                    "NORIA-017 The provider dev.noria.storage.sqlite.SqliteStorageProvider is on"
                        + " the class path"));
  }

  @Test
  void anUnknownSetting_isAnsweredWithTheNearestOne() {
    assertThat(problems(memory().setting("noria.worker.concurency", "4").build()))
        .singleElement()
        .asString()
        .startsWith("NORIA-030 The setting noria.worker.concurency (")
        .endsWith(
            ") is read by nobody. The nearest known one is noria.worker.concurrency. Correct it,"
                + " or remove it.");
  }

  @Test
  void zeroConcurrency_isAnsweredWithTheRange() {
    assertThat(problems(memory().concurrency(0).build()))
        .containsExactly(
            "NORIA-031 The setting noria.worker.concurrency has the value '0'. Expected 1 to 10000"
                + " handlers at once. Correct it, or remove it to get 16.");
  }

  @Test
  void severalProblems_comeInOneException() {
    List<String> problems =
        problems(
            memory()
                .concurrency(0)
                .lease(Duration.ofMillis(1))
                .setting("noria.enqueue.timeot", "1s")
                .setting("noria.worker.grace", "soon")
                .build()
                .use(Plugin.of("needy", installer -> installer.require(DataSource.class)))
                .use(Plugin.of("twice", installer -> {}))
                .use(Plugin.of("twice", installer -> {}))
                .use(Plugin.of("NOT GOOD", installer -> {})));
    assertThat(problems)
        .extracting(problem -> problem.substring(0, 9))
        .containsExactlyInAnyOrder(
            "NORIA-010",
            "NORIA-011",
            "NORIA-020",
            "NORIA-030",
            "NORIA-031",
            "NORIA-031",
            "NORIA-031");
  }

  @Test
  void aPayloadOverTheLimit_isRefusedWithItsSize() {
    JobType<String> type = JobType.of("text", String.class);
    try (JobQueue queue = memory().build()) {
      assertThatThrownBy(() -> queue.enqueue(type, "x".repeat(1024 * 1024)))
          .isInstanceOf(RejectedException.class)
          .hasMessageStartingWith("The job ")
          .hasMessageContaining(" was rejected: ")
          .hasMessageContaining(
              "its payload has 1048578 bytes. At most 1048576 fit; store large data elsewhere and"
                  + " enqueue a reference to it.");
      assertThat(queue.counts("default").total()).isZero();
      assertThat(queue.enqueue(type, "x".repeat(1024 * 1024 - 2)).isEnqueued()).isTrue();
    }
  }

  @Test
  void aTypeThatNobodyHandles_waitsWithAVisibleReason() {
    try (JobQueue queue = memory().build()) {
      queue.handle(Work.TYPE, (work, job) -> {}).start();
      JobId id = queue.enqueue(JobType.of("nobody's", Bytes.class), Bytes.utf8("{}")).id();
      Wait.until(
          Duration.ofSeconds(10),
          "it is released with its reason",
          () -> "unknown type".equals(queue.find(id).orElseThrow().status().reason()));
      assertThat(queue.find(id).orElseThrow().status().attempt()).isZero();
    }
  }

  @Test
  void aNewerSchema_isRefusedAndNotTouched() throws Exception {
    String address = Medium.SQLITE.address(folder);
    try (JobQueue queue = JobQueue.open(address)) {
      queue.enqueue(Work.TYPE, new Work(1));
    }
    try (Connection connection = database();
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "update noria_meta set value = 99 where name in ('schema',"
                      + " 'schema_readable_by')"))
          .isEqualTo(2);
    }
    List<String> before = contents();
    try (JobQueue queue = JobQueue.open(address)) {
      assertThatThrownBy(() -> queue.enqueue(Work.TYPE, new Work(2)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("The schema of namespace 'noria' in ")
          .hasMessageContaining(" has version 99. Expected at most ")
          .hasMessageContaining(", or one that says this version can read it")
          .hasMessageContaining(
              ": a newer Noria wrote it. Update noria-storage-sqlite here, or use another"
                  + " namespace.");
    }
    assertThat(contents()).isEqualTo(before).contains("schema 99", "schema_readable_by 99");
  }

  private Connection database() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
  }

  /** What is in the file: its tables and views, its versions, and how many jobs. */
  private List<String> contents() throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database();
        Statement statement = connection.createStatement()) {
      for (String query :
          List.of(
              "select sql from sqlite_schema order by name",
              "select name || ' ' || value from noria_meta order by name",
              "select count(*) || ' jobs' from noria_job")) {
        try (ResultSet rows = statement.executeQuery(query)) {
          while (rows.next()) {
            found.add(String.valueOf(rows.getString(1)));
          }
        }
      }
    }
    return found;
  }
}
