package dev.noria.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.noria.JobQueue;
import dev.noria.cli.demo.Logbook.Entry;
import dev.noria.cli.demo.Logbook.Page;
import dev.noria.cli.demo.Logbook.Phase;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The one run that a storage holds, and what this process does to get all its jobs stored. */
final class Run {
  private static final List<String> QUEUES =
      List.of(DemoJobs.SUMMARY, DemoJobs.PARTS, DemoJobs.FILES);

  /** After so many looks without a move, whoever was at it is taken for dead. */
  private static final int PATIENCE = 20;

  private final JobQueue queue;
  private final Logbook logbook;
  private long seenVersion;
  private int looksWithoutMove;

  Run(JobQueue queue, Logbook logbook) {
    this.queue = queue;
    this.logbook = logbook;
  }

  /** The folder of the run that is stored and not over; empty when there is none. */
  Optional<Path> unfinished() {
    Page page = logbook.read().page();
    return page == null || isOver(page) ? Optional.empty() : Optional.of(Path.of(page.folder()));
  }

  private boolean isOver(Page page) {
    return page.phase() == Phase.STORED
        && summary(page).map(job -> job.state().isFinished()).orElse(true);
  }

  private Optional<StoredJob> summary(Page page) {
    String id = page.summary();
    return id == null ? Optional.empty() : queue.find(JobId.parse(id), Set.of());
  }

  /** Begins a run over {@code folder}, unless another process has just begun one. */
  void begin(Path folder, BooleanSupplier goOn) throws IOException {
    Page page = new Page(Phase.FORGETTING, folder.toString(), List.of(), null);
    Optional<Entry> begun = logbook.write(logbook.read(), page, List.of());
    if (begun.isPresent()) {
      forget(begun.get(), goOn);
    }
  }

  /** Goes on where the run is, whoever began it. */
  void goOn(BooleanSupplier goOn) throws IOException {
    Entry entry = logbook.read();
    if (requireNonNull(entry.page()).phase() == Phase.ENQUEUING) {
      // Take the pen: another process that is at it sees that, and leaves it to us.
      Optional<Entry> ours = logbook.write(entry, entry.page(), List.of());
      if (ours.isPresent()) {
        enqueue(entry.page().folder(), goOn);
      }
    }
  }

  /** To be called now and then: takes over from a process that died while it was at it. */
  void watch(BooleanSupplier goOn) throws IOException {
    Entry entry = logbook.read();
    Page page = entry.page();
    if (page == null || page.phase() == Phase.STORED) {
      return;
    }
    looksWithoutMove = entry.version() == seenVersion ? looksWithoutMove + 1 : 0;
    seenVersion = entry.version();
    if (looksWithoutMove >= PATIENCE) {
      looksWithoutMove = 0;
      if (page.phase() == Phase.FORGETTING) {
        begin(Path.of(page.folder()), goOn);
      } else {
        goOn(goOn);
      }
    }
  }

  /** Jobs that another process left running are taken back, run, and are forgotten then. */
  private void forget(Entry begun, BooleanSupplier goOn) throws IOException {
    Entry ours = begun;
    Page page = requireNonNull(begun.page());
    while (QUEUES.stream().anyMatch(name -> Stored.isAny(queue, name))) {
      Optional<Entry> still = logbook.write(ours, page, List.of());
      if (still.isEmpty() || !goOn.getAsBoolean()) {
        return;
      }
      ours = still.get();
      for (String name : QUEUES) {
        int ignored = queue.clear(name);
      }
    }
    Page next = new Page(Phase.ENQUEUING, page.folder(), List.of(), null);
    if (logbook.write(ours, next, List.of()).isPresent()) {
      enqueue(page.folder(), goOn);
    }
  }

  private void enqueue(String folder, BooleanSupplier goOn) throws IOException {
    new Enqueuing(queue, logbook, folder).enqueue(FolderWalk.of(Path.of(folder)), goOn);
  }

  boolean hasEnded() {
    Page page = logbook.read().page();
    return page != null && page.phase() == Phase.STORED && isOver(page);
  }

  /** What the run came to; empty when the summary failed. */
  Optional<Tally> result() {
    Page page = requireNonNull(logbook.read().page());
    Optional<Tally> tally =
        summary(page)
            .filter(job -> job.state() == JobState.COMPLETED)
            .flatMap(job -> queue.result(DemoJobs.SUMMARISE, job.id()));
    tally.ifPresent(it -> it.failed().addAll(page.leftOut()));
    return tally;
  }

  /** How many files have ended, and how many there are. */
  Progress.Counts counts() {
    QueueCounts counts = queue.counts(DemoJobs.FILES);
    long dead = counts.of(JobState.DEAD) + counts.of(JobState.CANCELLED);
    return new Progress.Counts(counts.of(JobState.COMPLETED) + dead, counts.total(), dead);
  }
}
