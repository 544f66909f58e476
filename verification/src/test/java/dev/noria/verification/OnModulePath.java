package dev.noria.verification;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** For a JVM that has Noria on its module path: runs a job on each address, and says by whom. */
final class OnModulePath {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);

  private OnModulePath() {}

  public static void main(String[] addresses) throws ClassNotFoundException {
    for (String address : addresses) {
      String scheme = address.substring(0, address.indexOf(':'));
      String name = scheme.substring(0, 1).toUpperCase(Locale.ROOT) + scheme.substring(1);
      Class<?> provider =
          Class.forName("dev.noria.storage." + scheme + "." + name + "StorageProvider");
      OUT.printf(
          "%s with %s and %s: %s%n",
          JobQueue.class.getModule().getName(),
          provider.getModule().getName(),
          Class.forName("dev.noria.retries.Retries").getModule().getName(),
          work(address));
    }
  }

  private static String work(String address) {
    try (JobQueue queue = JobQueue.open(address)) {
      queue.handle(Work.TYPE, (work, job) -> {}).start();
      JobId id =
          queue.enqueue(Work.TYPE, new Work(1), JobOption.retention(Duration.ofHours(1))).id();
      Wait.until(
          Duration.ofSeconds(30),
          "the job runs",
          () -> queue.find(id).orElseThrow().state() == JobState.COMPLETED);
      // A plugin is discovered only where `provides` says so: no service file is on the class path.
      return queue.describe().contains("retries(") ? "completed" : "without the plugin";
    }
  }
}
