package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobType;
import dev.noria.job.Outcome;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.Plugin;
import dev.noria.tck.model.ReferenceStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one line that a worker says when it starts; in a JVM of its own, whose log shows INFO. */
class StartLineTest {
  @TempDir private Path folder;

  /** Starts a worker and stops it. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] arguments) {
      Middleware around =
          new Middleware() {
            @Override
            public Outcome process(ProcessChain chain) {
              return chain.proceed();
            }
          };
      try (JobQueue queue =
          JobQueue.builder()
              .discovery(Discovery.none())
              .storage(ReferenceStorage::create)
              .build()
              .use(Plugin.of("tenancy", Placement.in(Phase.ADMIT), around))
              .handle(JobType.of("work", String.class), (text, job) -> {})) {
        System.out.print(queue.start().health().status());
      }
    }
  }

  @Test
  void aStart_isSaidInOneLine() throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                Worker.class.getName())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(out)).isEqualTo("UP");
    assertThat(Files.readString(err).lines())
        .singleElement()
        .asString()
        .matches(
            ".*INFO dev\\.noria\\.kernel\\.WorkerLife - Noria works on .+ at .+ \\(durability"
                + " VOLATILE\\); plugins: tenancy unknown \\(code\\); enqueue: storage; dequeue:"
                + " storage; process: tenancy\\(timeout\\(payload\\(handler\\)\\)\\); ack:"
                + " dequeue");
  }
}
