package dev.noria.cli.demo;

import static dev.noria.job.JobOption.dependsOn;
import static dev.noria.job.JobOption.header;
import static dev.noria.job.JobOption.id;

import dev.noria.JobQueue;
import dev.noria.cli.demo.DemoJobs.Collect;
import dev.noria.cli.demo.DemoJobs.FileTask;
import dev.noria.cli.demo.Logbook.Page;
import dev.noria.cli.demo.Logbook.Phase;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.StoredJob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Makes the jobs of a run. Five hundred files and their collector are stored in one unit, so that
 * whoever goes on after a kill sees exactly what is there and adds the rest.
 */
final class Enqueuing {
  private static final String PATH = "path";
  private static final int PER_COLLECTOR = 500;

  private final JobQueue queue;
  private final Logbook logbook;
  private final String folder;

  Enqueuing(JobQueue queue, Logbook logbook, String folder) {
    this.queue = queue;
    this.logbook = logbook;
    this.folder = folder;
  }

  /** The file of a {@link DemoJobs#READ} job. */
  static String path(StoredJob file) {
    return String.valueOf(file.job().headers().get(PATH));
  }

  /**
   * Enqueues what is not there yet, and the summary. Gives up when another process enqueues.
   *
   * @param goOn asked before each part
   */
  void enqueue(FolderWalk.Found found, BooleanSupplier goOn) {
    // The entry comes first: what others add after this look moves it, and stops us.
    Logbook.Entry entry = logbook.read();
    Set<String> there = new HashSet<>();
    Stored.each(queue, DemoJobs.FILES, job -> there.add(path(job)));
    List<String> missing = found.files().stream().filter(path -> !there.contains(path)).toList();
    Page page = new Page(Phase.ENQUEUING, folder, found.leftOut(), null);
    for (int from = 0; from < missing.size(); from += PER_COLLECTOR) {
      int to = Math.min(missing.size(), from + PER_COLLECTOR);
      if (!goOn.getAsBoolean()) {
        return;
      }
      Optional<Logbook.Entry> next = logbook.write(entry, page, part(missing.subList(from, to)));
      if (next.isEmpty()) {
        return;
      }
      entry = next.get();
    }
    List<JobId> parts = new ArrayList<>();
    Stored.each(queue, DemoJobs.PARTS, job -> parts.add(job.id()));
    JobId summary = queue.newId();
    Page last = new Page(Phase.STORED, folder, found.leftOut(), summary.toString());
    Optional<Logbook.Entry> ignored =
        logbook.write(
            entry,
            last,
            List.of(DemoJobs.SUMMARISE.job(collect(parts), id(summary), afterAll(parts))));
  }

  private List<JobRequest<?>> part(List<String> files) {
    List<JobId> ids = new ArrayList<>();
    List<JobRequest<?>> requests = new ArrayList<>();
    for (String path : files) {
      JobId id = queue.newId();
      ids.add(id);
      requests.add(DemoJobs.READ.job(new FileTask(folder, path), id(id), header(PATH, path)));
    }
    requests.add(DemoJobs.COLLECT.job(collect(ids), afterAll(ids)));
    return requests;
  }

  private static Collect collect(List<JobId> ids) {
    return new Collect(ids.stream().map(JobId::toString).toList());
  }

  private static JobOption afterAll(List<JobId> ids) {
    return dependsOn(Dependencies.on(ids).onFailure(Dependencies.OnFailure.IGNORE));
  }
}
