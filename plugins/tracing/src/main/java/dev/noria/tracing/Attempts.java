package dev.noria.tracing;

import dev.noria.job.ErrorInfo;
import dev.noria.job.Outcome;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.LeasedJob;
import dev.noria.tracing.Spans.Operation;
import dev.noria.tracing.TracingOptions.Relation;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The spans of attempts: each encloses the whole chain with the handler in it. */
final class Attempts {
  private static final Operation PROCESS = new Operation("process", "process");
  private static final String TRACE_ID = "traceId";

  private final Spans spans;
  private final Headers headers;
  private final Surroundings surroundings;

  Attempts(Spans spans, Headers headers, Surroundings surroundings) {
    this.spans = spans;
    this.headers = headers;
    this.surroundings = surroundings;
  }

  /** What attempts are traced by, and for whom their spans are remembered. */
  record Surroundings(TracingOptions options, TimeSource time, Recorded recorded) {}

  /**
   * Starts from what the job carries, never from what the thread has: that may be left over from
   * another job.
   */
  Attempt begin(ProcessChain chain) {
    LeasedJob job = chain.job();
    Context sender = headers.context(job.headers());
    SpanBuilder builder = spans.of(PROCESS, SpanKind.CONSUMER, job.queue());
    if (surroundings.options().relation() == Relation.CHILD) {
      builder.setParent(sender);
    } else {
      builder.setNoParent();
      SpanContext sent = Span.fromContext(sender).getSpanContext();
      if (sent.isValid()) {
        builder.addLink(sent);
      }
    }
    Span span = builder.startSpan();
    Entered entered = new Entered(span, sender.with(span));
    return entered.then(
        () -> {
          Attempt attempt = new Attempt(job, entered);
          attempt.start(chain);
          return attempt;
        });
  }

  /** One attempt that is on its way. */
  final class Attempt {
    private final LeasedJob job;
    private final Entered entered;
    private final @Nullable String outerTraceId;
    private final boolean mdc;

    private Attempt(LeasedJob job, Entered entered) {
      this.job = job;
      this.entered = entered;
      SpanContext context = entered.span().getSpanContext();
      mdc = surroundings.options().mdc() && context.isValid();
      outerTraceId = mdc ? MDC.get(TRACE_ID) : null;
    }

    private void start(ProcessChain chain) {
      if (entered.span().isRecording()) {
        describe(chain);
      }
      // Last: what fails before leaves nothing behind.
      if (mdc) {
        MDC.put(TRACE_ID, entered.span().getSpanContext().getTraceId());
      }
    }

    private void describe(ProcessChain chain) {
      Span span = entered.span();
      span.setAttribute(Names.ID, job.id().toString());
      span.setAttribute(Names.TYPE, job.type());
      span.setAttribute(Names.ATTEMPT, job.attempt());
      span.setAttribute(Names.EPOCH, job.lease().epoch());
      String group = job.group();
      if (group != null) {
        span.setAttribute(Names.GROUP, group);
      }
      if (job.lease().epoch() == 1) {
        Duration waited = Duration.between(job.runAt(), surroundings.time().now());
        span.setAttribute(Names.WAIT, Math.max(0, waited.toMillis()) / 1_000.0);
      }
      chain.context().cancellation().onRequest(() -> span.addEvent("noria.cancellation_requested"));
    }

    void done(ProcessChain chain, Outcome outcome) {
      try {
        if (mdc) {
          restoreTraceId();
        }
        Span span = entered.span();
        if (span.isRecording()) {
          conclude(span, outcome);
          chain.stoppedBy().ifPresent(by -> span.setAttribute(Names.STOPPED_BY, by));
          surroundings.recorded().add(job, outcome, span.getSpanContext());
        }
      } finally {
        entered.leave();
      }
    }

    private void restoreTraceId() {
      if (outerTraceId == null) {
        MDC.remove(TRACE_ID);
      } else {
        MDC.put(TRACE_ID, outerTraceId);
      }
    }
  }

  private static void conclude(Span span, Outcome outcome) {
    // What nobody recovers is dead: the kernel's next step.
    Outcome.Kind kind = outcome.kind() == Outcome.Kind.FAILED ? Outcome.Kind.DEAD : outcome.kind();
    span.setAttribute(Names.OUTCOME, Spans.word(kind));
    if (outcome instanceof Outcome.Failed failed) {
      Spans.failed(span, failed.error());
    } else if (outcome instanceof Outcome.Retry retry) {
      conclude(span, retry.error(), retry.at(), null);
    } else if (outcome instanceof Outcome.Dead dead) {
      conclude(span, dead.error(), null, null);
    } else if (outcome instanceof Outcome.Released released) {
      conclude(span, null, released.at(), released.reason());
    } else if (outcome instanceof Outcome.Cancelled cancelled) {
      conclude(span, null, null, cancelled.reason());
    } else if (outcome instanceof Outcome.Lost) {
      Spans.failed(span, "lease_lost");
    }
  }

  private static void conclude(
      Span span, @Nullable ErrorInfo error, @Nullable Instant due, @Nullable String reason) {
    if (error != null) {
      Spans.failed(span, error);
    }
    if (due != null) {
      span.setAttribute(Names.DUE, due.toString());
    }
    if (reason != null) {
      span.setAttribute(Names.REASON, reason);
    }
  }
}
