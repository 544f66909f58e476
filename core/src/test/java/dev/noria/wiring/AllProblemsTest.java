package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.JobQueue;
import dev.noria.JobQueueBuilder;
import dev.noria.job.JobContext;
import dev.noria.job.JobHandler;
import dev.noria.job.JobType;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.StorageUri;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong is said at once, whoever found it: nobody mends one thing to meet the next. */
class AllProblemsTest {
  @TempDir private Path folder;
  private ClassPath path;

  @BeforeEach
  void start() {
    path = new ClassPath(folder);
  }

  /** Opens the queue where these providers are on the class path. */
  private List<String> problems(JobQueueBuilder builder, Plugin... plugins) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(path.loader());
    try (JobQueue queue = builder.build()) {
      List.of(plugins).forEach(queue::use);
      queue.handle(JobType.of("needy", String.class), Needy.class);
      ConfigurationException thrown =
          catchThrowableOfType(ConfigurationException.class, () -> queue.counts("default"));
      assertThat(thrown).as("a ConfigurationException").isNotNull();
      return thrown.problems().stream().map(Problem::toString).toList();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static List<String> codes(List<String> problems) {
    return problems.stream().map(problem -> problem.substring(0, 9)).toList();
  }

  /** A handler class whose constructor asks for what nobody has. */
  static final class Needy implements JobHandler<String> {
    Needy(StringBuilder nobodys) {
      nobodys.append("made");
    }

    @Override
    public void handle(String payload, JobContext job) {}
  }

  @Test
  void noStorage_isReportedWithEverythingElse() {
    path.service(
        PluginProvider.class,
        Providers.Alpha.class,
        Providers.OtherAlpha.class,
        Providers.Broken.class,
        Providers.Old.class,
        Providers.Liar.class,
        Providers.Shouting.class);
    path.file("META-INF/noria/plugins/beta", Providers.Beta.class.getName());

    List<String> problems =
        problems(
            JobQueue.builder().concurrency(0).setting("noria.worker.leese", "1s"),
            Plugin.of("twice", installer -> {}),
            Plugin.of("twice", installer -> {}),
            Plugin.of("wishful", installer -> installer.require(Runnable.class)));

    assertThat(codes(problems))
        .containsExactlyInAnyOrder(
            "NORIA-001",
            "NORIA-010",
            "NORIA-011",
            "NORIA-012",
            "NORIA-013",
            "NORIA-014",
            "NORIA-015",
            "NORIA-017",
            "NORIA-020",
            "NORIA-020",
            "NORIA-030",
            "NORIA-031");
    assertInWords(problems);
  }

  private static void assertInWords(List<String> problems) {
    String place = Origin.of(Providers.class);
    assertThat(problems)
        .contains(
            "NORIA-001 No storage was named. Expected one address or storage plugin. Call"
                + " JobQueue.open(\"sqlite:jobs.db\"), use a storage plugin, or set"
                + " noria.storage.",
            "NORIA-012 The plugin 'alpha' is offered by dev.noria.wiring.Providers$Alpha in "
                + place
                + " and by dev.noria.wiring.Providers$OtherAlpha in "
                + place
                + ". Expected one provider. Remove one of them from the class path.",
            "NORIA-014 The plugin 'old' in "
                + place
                + " was made for SPI version 99. Expected "
                + Spi.VERSION
                + ". Use a version of it that fits this Noria (the noria-bom has those that fit).",
            "NORIA-017 The provider dev.noria.wiring.Providers$Beta is on the class path, but not"
                + " in META-INF/services/dev.noria.plugin.PluginProvider. Expected all service"
                + " files of that name to be merged when jars are made one. Use the"
                + " ServicesResourceTransformer of maven-shade-plugin, or mergeServiceFiles() of"
                + " Gradle's shadow plugin.",
            "NORIA-020 Nobody provides java.lang.StringBuilder, which is needed by the class"
                + " dev.noria.wiring.AllProblemsTest$Needy. Expected a plugin or the user to"
                + " provide it. Call queue.provide(StringBuilder.class, …), or add the plugin that"
                + " provides it.",
            "NORIA-031 The setting noria.worker.concurrency has the value '0'. Expected 1 to 10000"
                + " handlers at once. Correct it, or remove it to get 16.")
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("NORIA-013 A plugin on the class path can not be used: ")
                    .contains("Providers$Broken", "no luck"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("NORIA-030 The setting noria.worker.leese (")
                    .contains("The nearest known one is noria.worker.lease."));
  }

  @Test
  void twoStoragesAndABadOption_areReportedWithEverythingElse() {
    path.service(StorageProvider.class, Providers.Choosy.class);

    List<String> problems =
        problems(
            JobQueue.builder().storage("choosy:x?sise=2").concurrency(0),
            Plugin.of(
                "shelf",
                installer -> installer.storage(() -> new NoStorage(StorageUri.parse("x:")))));

    assertThat(problems)
        .containsExactlyInAnyOrder(
            "NORIA-002 The storage was named 2 times: by an address, by the builder or by a plugin."
                + " Expected one. Remove the others; look at the setting noria.storage too.",
            "NORIA-006 The storage address choosy:x?sise=2 is not right. There is no option 'sise'."
                + " Did you mean 'size'?",
            "NORIA-020 Nobody provides java.lang.StringBuilder, which is needed by the class"
                + " dev.noria.wiring.AllProblemsTest$Needy. Expected a plugin or the user to"
                + " provide it. Call queue.provide(StringBuilder.class, …), or add the plugin that"
                + " provides it.",
            "NORIA-031 The setting noria.worker.concurrency has the value '0'. Expected 1 to 10000"
                + " handlers at once. Correct it, or remove it to get 16.");
  }

  @Test
  void anAddressWithoutScheme_isReportedWithEverythingElse() {
    assertThat(codes(problems(JobQueue.builder().storage("jobs.db").concurrency(0))))
        .containsExactlyInAnyOrder("NORIA-006", "NORIA-020", "NORIA-031");
  }

  @Test
  void nothingIsOpened_whileAnythingIsWrong() {
    path.service(StorageProvider.class, Providers.Choosy.class);

    // Its open would throw.
    assertThat(codes(problems(JobQueue.builder().storage("choosy:never?size=2"))))
        .containsExactly("NORIA-020");
  }
}
