package dev.noria.tracing;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.middleware.EnqueueChain;
import dev.noria.tracing.Spans.Operation;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The spans of enqueue calls: one each, and by option one for each job of several. */
final class Sends {
  private static final Operation SEND = new Operation("send", "send");
  private static final Operation CREATE = new Operation("create", "create");

  /** So many jobs of a call are looked at, and so many of them told of, one by one. */
  private static final int MOST_LOOKED_AT = 1_000;

  private static final int MOST_TOLD = 32;

  private final Spans spans;
  private final Headers headers;
  private final boolean createSpans;

  Sends(Spans spans, Headers headers, boolean createSpans) {
    this.spans = spans;
    this.headers = headers;
    this.createSpans = createSpans;
  }

  Send begin(List<NewJob> jobs) {
    boolean each = createSpans && jobs.size() > 1;
    SpanKind kind = each ? SpanKind.CLIENT : SpanKind.PRODUCER;
    SpanBuilder builder = spans.of(SEND, kind, commonQueue(jobs));
    List<@Nullable NewJob> ready = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      ready.add(isSent(job, builder) ? job : each ? created(job, builder) : null);
    }
    Span span = builder.startSpan();
    Entered entered = new Entered(span, Context.current().with(span));
    return entered.then(
        () -> {
          if (span.isRecording()) {
            describe(span, jobs);
          }
          return new Send(entered, carrying(jobs, ready, Context.current()));
        });
  }

  private static @Nullable String commonQueue(List<NewJob> jobs) {
    String first = jobs.get(0).queue();
    for (NewJob job : jobs) {
      if (!job.queue().equals(first)) {
        return null;
      }
    }
    return first;
  }

  /** A context that somebody gave the job stays, as the conventions ask for; it is linked to. */
  private boolean isSent(NewJob job, SpanBuilder builder) {
    SpanContext given = Span.fromContext(headers.context(job.headers())).getSpanContext();
    if (given.isValid()) {
      builder.addLink(given);
    }
    return given.isValid();
  }

  private NewJob created(NewJob job, SpanBuilder send) {
    Span span = spans.of(CREATE, SpanKind.PRODUCER, job.queue()).startSpan();
    try {
      if (span.isRecording()) {
        describe(span, job);
      }
      send.addLink(span.getSpanContext());
      return Headers.with(job, headers.of(Context.current().with(span)));
    } finally {
      span.end();
    }
  }

  /** The jobs with the headers of the call, where they have none of their own. */
  private List<NewJob> carrying(List<NewJob> jobs, List<@Nullable NewJob> ready, Context context) {
    Map<String, String> common = ready.contains(null) ? headers.of(context) : Map.of();
    List<NewJob> all = new ArrayList<>(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      NewJob own = ready.get(i);
      all.add(own == null ? Headers.with(jobs.get(i), common) : own);
    }
    return all;
  }

  private static void describe(Span span, List<NewJob> jobs) {
    if (jobs.size() == 1) {
      describe(span, jobs.get(0));
    } else {
      span.setAttribute(Names.COUNT, jobs.size());
    }
  }

  private static void describe(Span span, NewJob job) {
    span.setAttribute(Names.ID, job.id().toString());
    span.setAttribute(Names.TYPE, job.type());
    String group = job.group();
    if (group != null) {
      span.setAttribute(Names.GROUP, group);
    }
  }

  /** One call that is on its way. */
  static final class Send {
    private final Entered entered;
    private final List<NewJob> jobs;

    private Send(Entered entered, List<NewJob> jobs) {
      this.entered = entered;
      this.jobs = jobs;
    }

    /** The jobs with the context in their headers. */
    List<NewJob> jobs() {
      return jobs;
    }

    void failed(Throwable error) {
      try {
        Spans.failed(entered.span(), error);
      } finally {
        entered.leave();
      }
    }

    void done(EnqueueChain chain, List<EnqueueReceipt> receipts) {
      try {
        if (!entered.span().isRecording()) {
          return;
        }
        if (jobs.size() == 1) {
          one(receipts.get(0), chain.settledBy(0).orElse(null));
        } else {
          several(chain, receipts);
        }
      } finally {
        entered.leave();
      }
    }

    private void one(EnqueueReceipt receipt, @Nullable String settledBy) {
      Span span = entered.span();
      span.setAllAttributes(told(jobs.get(0), receipt, settledBy).build());
      if (receipt.status() == EnqueueReceipt.Status.REJECTED) {
        Spans.failed(span, "rejected");
      }
    }

    private void several(EnqueueChain chain, List<EnqueueReceipt> receipts) {
      Map<EnqueueReceipt.Status, Long> counts = new EnumMap<>(EnqueueReceipt.Status.class);
      int told = 0;
      for (int i = 0; i < receipts.size(); i++) {
        EnqueueReceipt receipt = receipts.get(i);
        counts.merge(receipt.status(), 1L, Long::sum);
        if (i < MOST_LOOKED_AT && told < MOST_TOLD) {
          String by = chain.settledBy(i).orElse(null);
          if (by != null || receipt.status() == EnqueueReceipt.Status.REJECTED) {
            NewJob job = jobs.get(i);
            Attributes which =
                told(job, receipt, by)
                    .put(Names.ID, job.id().toString())
                    .put(Names.TYPE, job.type())
                    .build();
            entered.span().addEvent("noria.settled", which);
            told++;
          }
        }
      }
      counts.forEach(
          (status, count) ->
              entered.span().setAttribute(count("noria.batch." + Spans.word(status)), count));
    }

    private static AttributeKey<Long> count(String name) {
      return AttributeKey.longKey(name);
    }

    private static AttributesBuilder told(
        NewJob job, EnqueueReceipt receipt, @Nullable String settledBy) {
      AttributesBuilder told =
          Attributes.builder().put(Names.RECEIPT, Spans.word(receipt.status()));
      if (!receipt.id().equals(job.id())) {
        told.put(Names.EXISTING, receipt.id().toString());
      }
      String reason = receipt.reason();
      if (reason != null) {
        told.put(Names.REASON, reason);
      }
      if (settledBy != null) {
        told.put(Names.STOPPED_BY, settledBy);
      }
      return told;
    }
  }
}
