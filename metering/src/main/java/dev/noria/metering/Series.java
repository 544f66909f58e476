package dev.noria.metering;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The numbers of one queue and type; each is made when it is first needed. Thread-safe. */
final class Series {
  private static final EnqueueReceipt.Status[] STATUSES = EnqueueReceipt.Status.values();
  private static final Outcome.Kind[] KINDS = Outcome.Kind.values();

  private final Meters meters;
  private final Map<String, String> tags;
  private final AtomicReferenceArray<@Nullable LongConsumer> enqueued =
      new AtomicReferenceArray<>(STATUSES.length);
  private final AtomicReferenceArray<@Nullable DoubleConsumer> run =
      new AtomicReferenceArray<>(KINDS.length);
  private final AtomicReferenceArray<@Nullable DoubleConsumer> attempts =
      new AtomicReferenceArray<>(KINDS.length);
  private volatile @Nullable DoubleConsumer wait;

  Series(Meters meters, String queue, String type) {
    this.meters = meters;
    this.tags = Map.of("queue", queue, "type", type);
  }

  LongConsumer enqueued(EnqueueReceipt.Status status) {
    LongConsumer known = enqueued.get(status.ordinal());
    if (known == null) {
      known = meters.counter(Instrument.ENQUEUED, with("receipt", status));
      enqueued.set(status.ordinal(), known);
    }
    return known;
  }

  DoubleConsumer run(Outcome.Kind outcome) {
    return of(run, Instrument.JOB_RUN, outcome);
  }

  DoubleConsumer attempts(Outcome.Kind outcome) {
    return of(attempts, Instrument.JOB_ATTEMPTS, outcome);
  }

  private DoubleConsumer of(
      AtomicReferenceArray<@Nullable DoubleConsumer> made,
      Instrument instrument,
      Outcome.Kind outcome) {
    DoubleConsumer known = made.get(outcome.ordinal());
    if (known == null) {
      known = meters.distribution(instrument, with("outcome", outcome));
      made.set(outcome.ordinal(), known);
    }
    return known;
  }

  DoubleConsumer waited() {
    DoubleConsumer known = wait;
    if (known == null) {
      known = meters.distribution(Instrument.JOB_WAIT, tags);
      wait = known;
    }
    return known;
  }

  void endedByStorage(String reason) {
    Map<String, String> all =
        Map.of("queue", tags.get("queue"), "type", tags.get("type"), "reason", reason);
    meters.counter(Instrument.ENDED_BY_STORAGE, all).accept(1);
  }

  private Map<String, String> with(String tag, Enum<?> value) {
    String word = value.name().toLowerCase(Locale.ROOT);
    return Map.of("queue", tags.get("queue"), "type", tags.get("type"), tag, word);
  }
}
