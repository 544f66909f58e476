package dev.noria.kernel;

import dev.noria.chain.Chains;
import dev.noria.job.Bytes;
import dev.noria.job.JobCancelledException;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.job.Reasons;
import dev.noria.kernel.AttemptRun.Stop;
import dev.noria.plugin.JobEvent;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one attempt in a slot: the process chain around the handler, then the ack. Thread-safe. */
final class Runner {
  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
  private static final long UNKNOWN_MIN_MILLIS = 5_000;
  private static final long UNKNOWN_MAX_MILLIS = 300_000;

  private final Map<String, Handling> handlers;
  private final Chains chains;
  private final AttemptServices services;
  private final Acks acks;
  private final Listeners listeners;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  Runner(
      Map<String, Handling> handlers,
      Chains chains,
      AttemptServices services,
      Acks acks,
      Listeners listeners) {
    this.handlers = handlers;
    this.chains = chains;
    this.services = services;
    this.acks = acks;
    this.listeners = listeners;
  }

  /**
   * How a lease ended in a slot; the ack is sent by {@link #acknowledge} once the slot is free, so
   * that the exchange that carries it can ask for the next job as well.
   */
  record Ended(Outcome outcome, List<NewJob> followUps, long ranNanos) {
    Ended(Outcome outcome) {
      this(outcome, List.of(), 0);
    }
  }

  /** Runs {@code held}; null when the attempt was given up meanwhile, and with it the slot. */
  @Nullable Ended run(HeldJob held) {
    long start = services.clock().nanos();
    if (!held.isSafe(start)) {
      return new Ended(new Outcome.Released(null, null));
    }
    Handling handling = handlers.get(held.job.type());
    if (handling == null) {
      return new Ended(unknownType(held.job));
    }
    AttemptRun run = new AttemptRun(held, handling, services);
    held.running(run);
    Outcome unmarked = mustBeMarked(held.job) ? services.heartbeat().markStarted(held) : null;
    if (unmarked != null) {
      return new Ended(unmarked);
    }
    held.started = true;
    tellStarted(held.job);
    Outcome outcome = chains.process(held.job, run, job -> invoke(run, handling, job));
    return run.end() ? new Ended(outcome, run.followUps(), services.clock().nanos() - start) : null;
  }

  private static boolean mustBeMarked(LeasedJob job) {
    return job.crashes() > 0 || (job.maxAttempts() > 0 && job.attempt() >= job.maxAttempts());
  }

  /** Waits as long again as the job has waited, between 5 s and 5 min. */
  private Outcome unknownType(LeasedJob job) {
    if (warned.add(job.type())) {
      LOG.warn(
          "Job {} has the type '{}', for which this worker has no handler. Register one with"
              + " queue.handle(…), or stop working on queue '{}' here. Its jobs go back with a"
              + " growing delay; this is said once per type.",
          job.id(),
          LogText.plain(job.type()),
          LogText.plain(job.queue()));
    }
    Instant now = services.clock().now();
    long waited = Duration.between(job.runAt(), now).toMillis();
    long delay = Math.max(UNKNOWN_MIN_MILLIS, Math.min(UNKNOWN_MAX_MILLIS, waited));
    return new Outcome.Released(now.plusMillis(delay), Reasons.UNKNOWN_TYPE);
  }

  /** The innermost step: the handler itself. */
  private Outcome invoke(AttemptRun run, Handling handling, LeasedJob job) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (!run.enterHandler()) {
      return thrown(run, new JobCancelledException("The attempt was stopped before its handler."));
    }
    try {
      Object result = run.handle();
      Outcome verdict = run.verdict();
      return verdict == null ? completed(handling, job, result) : verdict;
    } catch (Throwable e) {
      Outcome outcome = thrown(run, e);
      if (outcome.kind() == Outcome.Kind.FAILED) {
        run.forgetFollowUps();
      }
      return outcome;
    } finally {
      run.leaveHandler();
      Thread.currentThread().setContextClassLoader(loader);
    }
  }

  private Outcome completed(Handling handling, LeasedJob job, @Nullable Object result) {
    if (!handling.returns()) {
      return Outcome.Completed.VOID;
    }
    if (result == null) {
      throw new IllegalStateException(
          "The handler of '"
              + job.type()
              + "' returned null. A CallType's handler returns a"
              + " result; use a JobType for handlers without one.");
    }
    Bytes encoded =
        services.payloads().encode(result, PayloadStep.context(job, PayloadStep.RESULT));
    services.checkSize("The result of '" + job.type() + "'", encoded);
    return new Outcome.Completed(encoded);
  }

  private static Outcome thrown(AttemptRun run, Throwable error) {
    Outcome verdict = run.verdict();
    if (verdict != null && verdict.kind() != Outcome.Kind.ACKED) {
      return verdict;
    }
    Stop stop = run.stopped();
    if (stop == null) {
      return error instanceof JobCancelledException
          ? new Outcome.Cancelled(String.valueOf(error.getMessage()))
          : new Outcome.Failed(error);
    }
    return switch (stop) {
      case LOST -> new Outcome.Lost();
      case CANCELLED -> new Outcome.Cancelled(Reasons.CANCELLED);
      // The lease may still be ours: if it is not, the release is stale and changes nothing.
      case SHUTDOWN, UNSAFE -> new Outcome.Released(null, null);
      case TIMEOUT -> new Outcome.Failed(timeout(run, error));
    };
  }

  private static TimeoutException timeout(AttemptRun run, Throwable error) {
    TimeoutException timeout =
        new TimeoutException(run.cancellation().reason().orElse("The attempt ran too long."));
    timeout.initCause(error);
    return timeout;
  }

  /** Sends the ack of what {@link #run} answered; false when there is none to send. */
  boolean acknowledge(HeldJob held, Ended ended) {
    if (ended.outcome().kind() == Outcome.Kind.LOST && listeners.want(JobEvent.LeaseLost.class)) {
      Instant now = services.clock().now();
      listeners.tell(new JobEvent.LeaseLost(now, held.job.id(), held.job.type()));
    }
    if (ended.outcome().kind() == Outcome.Kind.ACKED) {
      OutcomeLog.STANDARD.ackedWithin(held.job, ended.ranNanos());
    }
    return acks.ended(held, ended.outcome(), ended.followUps(), ended.ranNanos());
  }

  private void tellStarted(LeasedJob job) {
    if (listeners.want(JobEvent.Started.class)) {
      Instant now = services.clock().now();
      Duration waited = Duration.between(job.runAt(), now);
      listeners.tell(
          new JobEvent.Started(now, job.id(), job.queue(), job.type(), job.attempt(), waited));
    }
  }
}
