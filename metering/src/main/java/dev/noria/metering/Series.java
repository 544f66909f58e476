package dev.noria.metering;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The numbers of one queue and type; each is made when it is first needed. Thread-safe. */
final class Series {
  private final Meters meters;
  private final String queue;
  private final String type;
  private final Map<EnqueueReceipt.Status, LongConsumer> enqueued = new ConcurrentHashMap<>();
  private final Map<Outcome.Kind, DoubleConsumer> run = new ConcurrentHashMap<>();
  private final Map<Outcome.Kind, DoubleConsumer> attempts = new ConcurrentHashMap<>();
  private volatile @Nullable DoubleConsumer wait;

  Series(Meters meters, String queue, String type) {
    this.meters = meters;
    this.queue = queue;
    this.type = type;
  }

  LongConsumer enqueued(EnqueueReceipt.Status status) {
    LongConsumer known = enqueued.get(status);
    return known == null
        ? enqueued.computeIfAbsent(
            status, key -> meters.counter(Instrument.ENQUEUED, with("receipt", key)))
        : known;
  }

  DoubleConsumer run(Outcome.Kind outcome) {
    return of(run, Instrument.JOB_RUN, outcome);
  }

  DoubleConsumer attempts(Outcome.Kind outcome) {
    return of(attempts, Instrument.JOB_ATTEMPTS, outcome);
  }

  private DoubleConsumer of(
      Map<Outcome.Kind, DoubleConsumer> made, Instrument instrument, Outcome.Kind outcome) {
    DoubleConsumer known = made.get(outcome);
    return known == null
        ? made.computeIfAbsent(
            outcome, key -> meters.distribution(instrument, with("outcome", key)))
        : known;
  }

  DoubleConsumer waited() {
    DoubleConsumer known = wait;
    if (known == null) {
      known = meters.distribution(Instrument.JOB_WAIT, Map.of("queue", queue, "type", type));
      wait = known;
    }
    return known;
  }

  void endedByStorage(String reason) {
    meters.counter(Instrument.ENDED_BY_STORAGE, with("reason", reason)).accept(1);
  }

  private Map<String, String> with(String tag, Enum<?> value) {
    return with(tag, value.name().toLowerCase(Locale.ROOT));
  }

  private Map<String, String> with(String tag, String value) {
    return Map.of("queue", queue, "type", type, tag, value);
  }
}
