package dev.noria.kernel;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobId;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out what an exchange brought: jobs to the slots, or back. For one thread at a time. */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final long WITHHELD_MILLIS = 250;
  private static final long SUSPECT_MILLIS = 1_000;

  private final Worker worker;
  private final KernelClock clock;
  private final Map<String, QueueSlots> queues;
  private volatile boolean dequeuing = true;

  /** Whether a middleware wanted nothing of what came; then nothing is asked for until then. */
  private boolean shun;

  private long shunUntilNanos;

  Intake(Worker worker) {
    this.worker = worker;
    this.clock = worker.clock();
    this.queues = worker.queues().stream().collect(Collectors.toMap(q -> q.name, q -> q));
  }

  /** No new jobs from now on. */
  void close() {
    dequeuing = false;
  }

  /** Whether new jobs are wanted at the moment. */
  boolean isOpen() {
    return dequeuing && !isShunning();
  }

  boolean isShunning() {
    return shun && clock.nanos() - shunUntilNanos < 0;
  }

  /** Takes what the round has brought. */
  void take(Round round) {
    Exchange answer = round.answer();
    worker.tellEnded(answer.ended());
    giveBackPaused(answer.pausedQueues());
    List<LeasedJob> ours = ours(round.wanted);
    giveBackUnwanted(answer.jobs(), ours);
    if (!dequeuing || isOld(round)) {
      ours.forEach(worker.acks()::giveBack);
    } else if (!ours.isEmpty()) {
      hold(ours, round.startNanos);
    }
    if (!dequeuing) {
      // Whoever ended it may have looked at the buffer before these were in it.
      worker.giveBackBuffered(held -> true);
    }
  }

  /** A reply that comes late brings leases that a heartbeat might not reach in time. */
  private boolean isOld(Round round) {
    return clock.nanos() - round.startNanos > worker.options().lease().toNanos() / 3;
  }

  /** A middleware may have asked for queues that nobody works on here: their jobs go back. */
  private List<LeasedJob> ours(List<LeasedJob> wanted) {
    for (LeasedJob job : wanted) {
      if (!queues.containsKey(job.queue())) {
        LOG.error(
            "Job {} of queue '{}' was not asked for; it goes back.",
            job.id(),
            LogText.plain(job.queue()));
        return wanted.stream().filter(each -> queues.containsKey(each.queue())).toList();
      }
    }
    return wanted;
  }

  private void hold(List<LeasedJob> leased, long startNanos) {
    List<LeasedJob> jobs = withRoom(leased);
    if (jobs.isEmpty()) {
      return;
    }
    Holdings holdings = worker.holdings();
    long safeUntil = worker.heartbeat().safeUntil(startNanos);
    LeaseBatch batch = new LeaseBatch(holdings, jobs.size(), startNanos, safeUntil);
    List<HeldJob> held = new ArrayList<>(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      LeasedJob job = jobs.get(i);
      HeldJob fresh = new HeldJob(job, requireNonNull(queues.get(job.queue())), batch, i);
      batch.put(i, fresh);
      held.add(fresh);
    }
    holdings.add(batch);
    held.forEach(worker.slots()::add);
    worker.slots().pump();
  }

  /** Without those suspects that would have to wait for too many others. */
  private List<LeasedJob> withRoom(List<LeasedJob> leased) {
    int room = worker.slots().roomForSuspects();
    List<LeasedJob> jobs = new ArrayList<>(leased.size());
    for (LeasedJob job : leased) {
      if (job.crashes() == 0 || room-- > 0) {
        jobs.add(job);
      } else {
        worker.demands().beware();
        giveBackLater(job, SUSPECT_MILLIS);
      }
    }
    return jobs;
  }

  private void giveBackLater(LeasedJob job, long millis) {
    worker.acks().giveBack(job, clock.now().plusMillis(millis), null);
  }

  private void giveBackPaused(Set<String> paused) {
    if (!paused.isEmpty()) {
      worker.giveBackBuffered(held -> paused.contains(held.job.queue()));
    }
  }

  /** Leases that a middleware filtered out, or lost by throwing, must not linger. */
  private void giveBackUnwanted(List<LeasedJob> leased, List<LeasedJob> wanted) {
    if (leased == wanted || leased.size() == wanted.size()) {
      return;
    }
    Set<JobId> kept = new HashSet<>();
    wanted.forEach(job -> kept.add(job.id()));
    for (LeasedJob job : leased) {
      if (!kept.contains(job.id())) {
        // Not at once: it would come first again, and keep what stands behind it away.
        giveBackLater(job, WITHHELD_MILLIS);
      }
    }
    if (wanted.isEmpty()) {
      shun = true;
      shunUntilNanos = clock.nanos() + WITHHELD_MILLIS * 1_000_000;
    }
  }
}
