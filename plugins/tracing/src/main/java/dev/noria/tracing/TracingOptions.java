package dev.noria.tracing;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What is traced, and how. Immutable.
 *
 * @param relation how the span of an attempt stands to the span that sent the job
 * @param createSpans whether each job of an enqueue call with several has a span of its own
 * @param storageSpans whether each call of the storage has a span
 * @param baggage the names of the baggage entries that travel with a job; others do not
 * @param mdc whether the trace id stands in the logging context ({@code traceId}) while a job runs
 */
public record TracingOptions(
    Relation relation,
    boolean createSpans,
    boolean storageSpans,
    Set<String> baggage,
    boolean mdc) {
  private static final TracingOptions DEFAULTS =
      new TracingOptions(Relation.LINK, false, false, Set.of(), true);

  /** How an attempt belongs to the enqueue. */
  public enum Relation {
    /** Each attempt is a trace of its own that links to the sender: the conventions' advice. */
    LINK,
    /** Each attempt is a child of the sender: one trace, however late the job runs. */
    CHILD
  }

  /** Copies the names. */
  public TracingOptions {
    requireNonNull(relation, "relation");
    baggage = Set.copyOf(baggage);
  }

  /** Linked attempts, no extra spans, no baggage, the trace id in the logging context. */
  public static TracingOptions defaults() {
    return DEFAULTS;
  }

  /** The same with another relation of attempts to their sender. */
  public TracingOptions withRelation(Relation other) {
    return new TracingOptions(other, createSpans, storageSpans, baggage, mdc);
  }

  /** The same with or without a span for each job of a larger call. */
  public TracingOptions withCreateSpans(boolean on) {
    return new TracingOptions(relation, on, storageSpans, baggage, mdc);
  }

  /** The same with or without spans for the storage's calls. */
  public TracingOptions withStorageSpans(boolean on) {
    return new TracingOptions(relation, createSpans, on, baggage, mdc);
  }

  /** The same with these baggage entries and no others. */
  public TracingOptions withBaggage(String... names) {
    return new TracingOptions(relation, createSpans, storageSpans, Set.of(names), mdc);
  }

  /** The same with or without the trace id in the logging context. */
  public TracingOptions withMdc(boolean on) {
    return new TracingOptions(relation, createSpans, storageSpans, baggage, on);
  }
}
