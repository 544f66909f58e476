package dev.noria.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadersTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final Context SENT =
      Context.root()
          .with(
              Span.wrap(
                  SpanContext.create(
                      TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault())));

  private static Headers headers(String... allowed) {
    return new Headers(ContextPropagators.noop(), Set.of(allowed), new Troubles());
  }

  @Test
  void withoutConfiguredPropagators_theHeadersAreThoseOfW3c() {
    assertThat(headers().of(SENT))
        .containsExactly(Map.entry("traceparent", "00-" + TRACE + "-" + SPAN + "-01"));
  }

  @Test
  void theContext_comesBack() {
    Headers headers = headers("tenant");
    Baggage baggage = Baggage.builder().put("tenant", "acme").put("token", "x").build();

    Map<String, String> written = headers.of(SENT.with(baggage));
    Context read = headers.context(written);

    assertThat(written).containsOnlyKeys("traceparent", "baggage").doesNotContainValue("token");
    assertThat(Span.fromContext(read).getSpanContext().getSpanId()).isEqualTo(SPAN);
    assertThat(Baggage.fromContext(read).asMap()).containsOnlyKeys("tenant");
  }

  @Test
  void baggageOfOthers_isNotBelieved() {
    Context read = headers("tenant").context(Map.of("baggage", "tenant=acme,admin=true"));

    assertThat(Baggage.fromContext(read).asMap()).containsOnlyKeys("tenant");
  }

  @Test
  void aHeaderThatIsTooLarge_staysBehind() {
    Baggage large = Baggage.builder().put("tenant", "x".repeat(5_000)).build();

    assertThat(headers("tenant").of(SENT.with(large))).containsOnlyKeys("traceparent");
  }

  @Test
  void malformedHeaders_areNoContext() {
    Context read = headers().context(Map.of("traceparent", "what is this", "baggage", "=;,=%%"));

    assertThat(Span.fromContext(read).getSpanContext().isValid()).isFalse();
  }

  @Test
  void aJobWithoutRoom_staysAsItIs() {
    NewJob.Builder full = NewJob.builder(new JobId(0, 1), "t", "q", Bytes.EMPTY);
    for (int i = 0; i < 64; i++) {
      full.header("h" + i, "x");
    }
    NewJob job = full.build();

    assertThat(Headers.with(job, Map.of("traceparent", "x"))).isSameAs(job);
    assertThat(Headers.with(job, Map.of())).isSameAs(job);
  }
}
