package dev.noria.tck;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.Signals;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A listener that remembers what it heard, for one thread to ask. */
final class Ears implements Signals.Listener {
  private static final long SECONDS = 20;

  private final BlockingQueue<Heard> inbox = new LinkedBlockingQueue<>();
  private final Queue<Heard> everything = new ConcurrentLinkedQueue<>();

  /** A signal. */
  sealed interface Heard {
    record Work(String queue, @Nullable Instant due) implements Heard {}

    record Finished(JobId id, JobState state) implements Heard {}

    record Cancel(JobId id) implements Heard {}
  }

  @Override
  public void workReady(String queue, @Nullable Instant due) {
    hear(new Heard.Work(queue, due));
  }

  @Override
  public void jobFinished(JobId id, JobState state) {
    hear(new Heard.Finished(id, state));
  }

  @Override
  public void cancelRequested(JobId id) {
    hear(new Heard.Cancel(id));
  }

  private void hear(Heard signal) {
    everything.add(signal);
    inbox.add(signal);
  }

  /** Waits until there is word of work in {@code queue}. */
  Heard.Work work(String queue) {
    while (true) {
      if (next("WorkReady(" + queue + ")") instanceof Heard.Work work
          && work.queue().equals(queue)) {
        return work;
      }
    }
  }

  /** Waits until there is word that the job ended, and answers how. */
  JobState finished(JobId id) {
    while (true) {
      if (next("JobFinished(" + id + ")") instanceof Heard.Finished finished
          && finished.id().equals(id)) {
        return finished.state();
      }
    }
  }

  /** Waits until there is word that the job shall stop. */
  void cancelled(JobId id) {
    Heard wanted = new Heard.Cancel(id);
    while (!next("CancelRequested(" + id + ")").equals(wanted)) {
      // another signal
    }
  }

  private Heard next(String wanted) {
    try {
      Heard heard = inbox.poll(SECONDS, TimeUnit.SECONDS);
      if (heard == null) {
        throw new AssertionError("no " + wanted + " within " + SECONDS + " s, only " + everything);
      }
      return heard;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Everything heard so far. */
  List<Heard> all() {
    return List.copyOf(everything);
  }

  /** The queues that were called ready so far. */
  List<String> workQueues() {
    return all().stream()
        .filter(Heard.Work.class::isInstance)
        .map(heard -> ((Heard.Work) heard).queue())
        .toList();
  }

  /** The jobs that were called finished so far. */
  List<JobId> finishedJobs() {
    return all().stream()
        .filter(Heard.Finished.class::isInstance)
        .map(heard -> ((Heard.Finished) heard).id())
        .toList();
  }
}
