package dev.noria.cli.bench;

import static java.util.Objects.requireNonNull;

import dev.noria.cli.Version;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageInfo;
import dev.noria.storage.StorageUri;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code noria bench}: the yardstick, on any storage. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Measures a storage: 200-byte JSON payloads, a handler that does nothing, the median of"
          + " three runs after a warm-up of two seconds, each on a fresh place right after the bare"
          + " driver.",
      "",
      "E1    enqueue: one thread, one job at a time, each awaited until it is durable",
      "E2    enqueue: 64 threads, one job at a time each",
      "E3    enqueue: 1000 jobs at a time",
      "P10   drain a backlog with 10 handlers at once, until the last ack is durable",
      "P100  the same with 100 handlers",
      "L     one job to an idle worker, until its handler starts; same and other process",
      "D     what a job costs behind a deep backlog, as a multiple of a shallow one",
      "",
      "The bare driver: one row a commit (E1, E2), 1000 rows a commit (E3), lease and ack of 100"
          + " rows in a commit each (P10, P100), an insert and a lease after the same pause (L: the"
          + " ratio is that of the times); for memory a map and a queue; for Redis a hash, a list and scripts; for files one file a commit,"
          + " synced with its folder.",
      ""
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int JOBS = 50_000;
  private static final int JOBS_IN_MEMORY = 200_000;
  private static final int LEAST = 100;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--storage",
      paramLabel = "URI",
      required = true,
      description = "What to measure. A file that it names is not touched: the bench works beside.")
  private String storage = "";

  @Option(
      names = "--workloads",
      paramLabel = "W",
      split = ",",
      description = "Which ones: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Workload> workloads = Workload.all();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "The size of a run of E2 and P (default: 50000, in memory 200000; more where such a run"
              + " ends within half a second); E1 has a tenth, E3 twice as many, D times N of 10 N"
              + " and of 2 N. D in full is N = 100000.")
  private @Nullable Integer jobs;

  @Option(names = "--json", description = "One JSON object a line instead of a table.")
  private boolean json;

  /** Made by picocli. */
  public BenchCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    StorageInfo info = info();
    Result.Subject subject = new Result.Subject(place(), info.durability());
    int size = size(info.durability());
    if (!json) {
      tell("%s, %s, %,d jobs", info.name(), info.durability(), size);
      tell("%s", Result.header());
    }
    Measuring measuring = new Measuring(storage, jobs == null);
    for (Workload workload : workloads) {
      int scaled = workload.size(size);
      show(Result.of(subject, workload.name(), measuring.of(workload, scaled)));
      if (workload == Workload.L) {
        fromOtherProcess(measuring, subject, scaled);
      }
      if (workload == Workload.D) {
        noteDepth(scaled);
      }
    }
    return 0;
  }

  private StorageInfo info() {
    try (Place place = Place.beside(storage);
        JobStorage probe = place.open()) {
      return probe.info();
    }
  }

  private String place() {
    return StorageUri.parse(storage).toString();
  }

  private int size(Durability durability) {
    if (jobs == null) {
      return durability == Durability.VOLATILE ? JOBS_IN_MEMORY : JOBS;
    }
    if (jobs < LEAST) {
      CommandSpec command = requireNonNull(spec, "spec");
      throw new ParameterException(
          command.commandLine(),
          "--jobs " + jobs + " is too small. Expected at least " + LEAST + ".");
    }
    return jobs;
  }

  private void fromOtherProcess(Measuring measuring, Result.Subject subject, int scaled)
      throws InterruptedException {
    if (subject.durability() == Durability.VOLATILE) {
      note("L from another process is left out: " + storage + " lives in one process only.");
      return;
    }
    show(Result.of(subject, "L-process", measuring.fromOtherProcess(scaled)));
  }

  private void noteDepth(int part) {
    String scale =
        part == Workload.FULL_DEPTH
            ? ""
            : " Scaled down: the full measure is --jobs " + Workload.FULL_DEPTH + ".";
    note(
        String.format(
            Locale.ROOT,
            "D: jobs %,d to %,d of a backlog of %,d; the ratio is the cost of a job against the"
                + " same of a backlog of %,d.%s",
            part,
            2 * part,
            10 * part,
            2 * part,
            scale));
  }

  private void show(Result result) {
    tell("%s", json ? result.toJson() : result.toRow());
  }

  /** Beside the data: on stderr when stdout is for machines. */
  private void note(String text) {
    if (json) {
      err().println(text);
    } else {
      tell("%s", text);
    }
  }

  private void tell(String format, Object... values) {
    PrintWriter out = requireNonNull(spec, "spec").commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }

  private PrintWriter err() {
    return requireNonNull(spec, "spec").commandLine().getErr();
  }
}
