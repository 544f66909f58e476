package dev.noria.retries;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.ErrorInfo;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.job.Reasons;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Turns failures into retries, and tells the storage at the enqueue how many attempts a job has, so
 * that it can end one whose process dies each time.
 */
final class Recovery implements Middleware {
  private final Function<String, RetryPolicy> policies;
  private final Rules rules;
  private final TimeSource time;
  private final Supplier<Optional<RandomGenerator>> random;

  Recovery(
      Function<String, RetryPolicy> policies,
      Rules rules,
      TimeSource time,
      Supplier<Optional<RandomGenerator>> random) {
    this.policies = policies;
    this.rules = rules;
    this.time = time;
    this.random = random;
  }

  @Override
  public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
    List<NewJob> jobs = chain.jobs();
    List<NewJob> bounded = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      bounded.add(job.maxAttempts() > 0 ? job : bounded(job));
    }
    return chain.proceed(bounded);
  }

  private NewJob bounded(NewJob job) {
    return job.toBuilder().maxAttempts(policies.apply(job.type()).maxAttempts()).build();
  }

  @Override
  public Outcome process(ProcessChain chain) {
    LeasedJob job = chain.job();
    RetryPolicy policy = policies.apply(job.type());
    int most = job.maxAttempts() > 0 ? job.maxAttempts() : policy.maxAttempts();
    if (job.attempt() > most) {
      // The storage did not know the bound: nobody stamped this job when it was enqueued.
      return new Outcome.Dead(
          ErrorInfo.of(
              Reasons.ATTEMPTS, "Attempt " + job.attempt() + " was not started: " + bound(most)));
    }
    Outcome outcome = chain.proceed();
    boolean last = job.attempt() >= most;
    if (outcome instanceof Outcome.Failed failed) {
      Throwable error = failed.error();
      Optional<Instant> at = last ? Optional.empty() : next(job, policy, error);
      ErrorInfo info = ErrorInfo.of(error);
      return at.<Outcome>map(due -> new Outcome.Retry(due, info))
          .orElseGet(() -> new Outcome.Dead(info));
    }
    // The handler may choose when, not how often.
    return last && outcome instanceof Outcome.Retry retry
        ? new Outcome.Dead(retry.error())
        : outcome;
  }

  private static String bound(int most) {
    return "at most " + most + (most == 1 ? " is allowed." : " are allowed.");
  }

  private Optional<Instant> next(LeasedJob job, RetryPolicy policy, Throwable error) {
    Instant now = time.now();
    return delay(job, policy, error)
        .map(now::plus)
        .filter(at -> !policy.isTooLate(at, job.runAt()));
  }

  private Optional<Duration> delay(LeasedJob job, RetryPolicy policy, Throwable error) {
    RetryRule rule = rules.find(error);
    return switch (rule.kind()) {
      case DEAD -> Optional.empty();
      case RETRY_IN -> Optional.of(rule.delay());
      case RETRY -> policy.delay(job.attempt(), error, random());
    };
  }

  private RandomGenerator random() {
    Optional<RandomGenerator> given = random.get();
    return given.isPresent() ? given.get() : ThreadLocalRandom.current();
  }
}
