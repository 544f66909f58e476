package dev.noria.tracing;

import dev.noria.job.JobId;
import dev.noria.job.Outcome;
import dev.noria.storage.LeasedJob;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The recorded attempts whose acks are on their way. Bounded: some are never acked. Thread-safe.
 */
final class Recorded {
  private static final int MOST = 10_000;

  private final Map<JobId, Ended> attempts = new ConcurrentHashMap<>();

  /** An attempt that has ended. */
  record Ended(SpanContext span, String queue) {}

  void add(LeasedJob job, Outcome outcome, SpanContext span) {
    if (outcome.kind() == Outcome.Kind.LOST || outcome.kind() == Outcome.Kind.ACKED) {
      return;
    }
    if (attempts.size() >= MOST) {
      // What was given up and ended all the same stays here; a settle span less does no harm.
      attempts.clear();
    }
    attempts.put(job.id(), new Ended(span, job.queue()));
  }

  @Nullable Ended find(JobId id) {
    return attempts.get(id);
  }

  boolean isEmpty() {
    return attempts.isEmpty();
  }

  int size() {
    return attempts.size();
  }

  void remove(JobId id) {
    attempts.remove(id);
  }
}
