package dev.noria.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.noria.JobQueue;
import dev.noria.cli.Version;
import dev.noria.retries.Retries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code noria demo}: the main job, on a real folder and a real storage. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Reads every file of a folder by jobs and prints a summary.",
      "Stop it at any moment, by Ctrl-C or kill -9, and run it again: it goes on where it was.",
      "Left out are symbolic links and what lies in .git, target, build and node_modules."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final long LOOK_MILLIS = 100;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "The folder to read (default: this repository).")
  private @Nullable Path folder;

  @Option(
      names = "--storage",
      paramLabel = "URI",
      defaultValue = "sqlite:noria-demo.db",
      description = "Where the jobs are kept (default: ${DEFAULT-VALUE}).")
  private String storage = "sqlite:noria-demo.db";

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "16",
      description = "How many files are read at once (default: ${DEFAULT-VALUE}).")
  private int concurrency = 16;

  @Option(
      names = "--fresh",
      description = "Forget an unfinished run and start again from the beginning.")
  private boolean fresh;

  /** Made by picocli. */
  public DemoCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path root = root();
    JobQueue queue =
        JobQueue.builder()
            .storage(storage)
            .concurrency(concurrency)
            .lease(Duration.ofSeconds(10))
            .grace(Duration.ofSeconds(1))
            .build();
    // Closed in reverse: the last words are spoken when the queue is closed.
    try (Stopping stopping = Stopping.onSignal(out(), lastWords());
        queue) {
      queue.use(Retries.fixed(3, Duration.ofMillis(200)));
      new DemoJobs(queue).register();
      return run(queue, new Run(queue, new Logbook(queue)), root, stopping);
    }
  }

  private String lastWords() {
    return storage.toLowerCase(Locale.ROOT).startsWith("memory:")
        ? "Stopped. What was in memory is gone."
        : "Stopped. Run the same command again to go on.";
  }

  private Path root() throws IOException {
    String home = System.getProperty("dev.noria.home");
    Path chosen = folder != null ? folder : Path.of(home == null ? "." : home);
    if (!Files.isDirectory(chosen)) {
      throw new IllegalArgumentException(
          "'" + chosen + "' is not a folder. Expected a folder to read; name another one.");
    }
    return chosen.toRealPath();
  }

  private int run(JobQueue queue, Run run, Path root, Stopping stopping)
      throws IOException, InterruptedException {
    Optional<Path> unfinished = fresh ? Optional.empty() : run.unfinished();
    if (unfinished.isPresent() && !unfinished.get().equals(root)) {
      throw new IllegalArgumentException(
          String.format(
              "%s holds an unfinished run over %s. Finish it with 'noria demo %2$s', or forget it"
                  + " with --fresh.",
              storage, unfinished.get()));
    }
    Progress.Counts start = unfinished.isPresent() ? run.counts() : Progress.Counts.NONE;
    out()
        .println(
            unfinished.isPresent()
                ? String.format(
                    Locale.ROOT, "Going on with %s: %,d files are done.", root, start.ended())
                : "Reading " + root + " with jobs in " + storage);
    queue.start();
    Progress progress = new Progress(out(), isTerminal(), start, System.nanoTime());
    BooleanSupplier goOn =
        () -> {
          progress.show(run.counts(), System.nanoTime());
          return !stopping.isRequested();
        };
    if (unfinished.isPresent()) {
      run.goOn(goOn);
    } else {
      run.begin(root, goOn);
    }
    return follow(run, progress, goOn, stopping);
  }

  private int follow(Run run, Progress progress, BooleanSupplier goOn, Stopping stopping)
      throws IOException, InterruptedException {
    while (!run.hasEnded() && goOn.getAsBoolean()) {
      run.watch(goOn);
      stopping.pause(LOOK_MILLIS);
    }
    progress.end(run.counts(), System.nanoTime());
    return stopping.isRequested() ? 1 : print(run.result());
  }

  private int print(Optional<Tally> tally) {
    if (tally.isEmpty()) {
      out().println("The summary failed. Run with --fresh to start again.");
      return 1;
    }
    out().println();
    out().print(SummaryTable.of(tally.get()));
    out().flush();
    return 0;
  }

  private PrintWriter out() {
    return requireNonNull(spec, "spec").commandLine().getOut();
  }

  /** The launcher knows; Java does not: since JDK 22 there is a console without a terminal. */
  private static boolean isTerminal() {
    return Boolean.getBoolean("dev.noria.terminal");
  }
}
