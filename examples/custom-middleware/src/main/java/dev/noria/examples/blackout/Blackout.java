package dev.noria.examples.blackout;

import dev.noria.job.Outcome;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Gives jobs that come before eight in the morning (UTC) back until then. Thread-safe. */
public record Blackout(TimeSource time) implements Middleware {
  @Override
  public Outcome process(ProcessChain chain) {
    Instant now = time.now();
    Instant eight = now.truncatedTo(ChronoUnit.DAYS).plus(8, ChronoUnit.HOURS);
    return now.isBefore(eight) ? new Outcome.Released(eight, "blackout") : chain.proceed();
  }
}
