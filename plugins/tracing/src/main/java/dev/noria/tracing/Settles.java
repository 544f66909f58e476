package dev.noria.tracing;

import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.tracing.Spans.Operation;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spans of ack batches that settle at least one recorded attempt. The first of those is the
 * parent, so that a sampler decides on both alike; the others are linked to.
 */
final class Settles {
  private static final Operation ACK = new Operation("ack", "settle");

  private final Spans spans;
  private final Recorded recorded;

  Settles(Spans spans, Recorded recorded) {
    this.spans = spans;
    this.recorded = recorded;
  }

  /** Null when no recorded attempt is among these. */
  @Nullable Settle begin(List<Ack> acks) {
    List<Recorded.Ended> attempts = recorded(acks);
    if (attempts.isEmpty()) {
      return null;
    }
    Context parent = Context.root().with(Span.wrap(attempts.get(0).span()));
    String queue = commonQueue(attempts, acks.size());
    SpanBuilder builder = spans.of(ACK, SpanKind.CLIENT, queue).setParent(parent);
    attempts.stream().skip(1).forEach(attempt -> builder.addLink(attempt.span()));
    Span span = builder.startSpan();
    Entered entered = new Entered(span, parent.with(span));
    return entered.then(
        () -> {
          describe(span, acks);
          return new Settle(entered, acks);
        });
  }

  private List<Recorded.Ended> recorded(List<Ack> acks) {
    if (acks.isEmpty() || recorded.isEmpty()) {
      return List.of();
    }
    List<Recorded.Ended> attempts = new ArrayList<>();
    for (Ack ack : acks) {
      Recorded.Ended attempt = recorded.find(ack.lease().id());
      if (attempt != null) {
        attempts.add(attempt);
      }
    }
    return attempts;
  }

  /** The queue of all acks, where that is known. */
  private static @Nullable String commonQueue(List<Recorded.Ended> attempts, int acks) {
    String first = attempts.get(0).queue();
    boolean same = attempts.size() == acks;
    for (Recorded.Ended attempt : attempts) {
      same = same && attempt.queue().equals(first);
    }
    return same ? first : null;
  }

  private static void describe(Span span, List<Ack> acks) {
    if (acks.size() == 1) {
      span.setAttribute(Names.ID, acks.get(0).lease().id().toString());
      span.setAttribute(Names.ACK, Spans.word(acks.get(0).kind()));
      return;
    }
    span.setAttribute(Names.COUNT, acks.size());
    Map<Ack.Kind, Long> counts = new EnumMap<>(Ack.Kind.class);
    acks.forEach(ack -> counts.merge(ack.kind(), 1L, Long::sum));
    counts.forEach(
        (kind, count) ->
            span.setAttribute(AttributeKey.longKey("noria.batch." + Spans.word(kind)), count));
  }

  /** One batch that is on its way. */
  final class Settle {
    private final Entered entered;
    private final List<Ack> acks;

    private Settle(Entered entered, List<Ack> acks) {
      this.entered = entered;
      this.acks = acks;
    }

    /** The acks are sent again, and then have another span. */
    void failed(Throwable error) {
      try {
        Spans.failed(entered.span(), error);
      } finally {
        entered.leave();
      }
    }

    void done(List<AckReceipt> receipts) {
      try {
        long stale = receipts.stream().filter(receipt -> !receipt.isApplied()).count();
        if (stale > 0) {
          entered.span().setAttribute(AttributeKey.longKey("noria.batch.stale"), stale);
          Spans.failed(entered.span(), "lease_lost");
        }
        acks.forEach(ack -> recorded.remove(ack.lease().id()));
      } finally {
        entered.leave();
      }
    }
  }
}
