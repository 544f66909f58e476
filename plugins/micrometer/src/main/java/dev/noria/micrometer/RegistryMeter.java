package dev.noria.micrometer;

import dev.noria.metering.Instrument;
import dev.noria.metering.Meter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Micrometer's instruments. Thread-safe. */
final class RegistryMeter implements Meter {
  private static final double NANOS = 1e9;

  private final MeterRegistry registry;
  private final Map<Instrument, MultiGauge> gauges = new ConcurrentHashMap<>();

  RegistryMeter(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public DoubleConsumer distribution(Instrument instrument, Map<String, String> tags) {
    return instrument.unit().isEmpty() ? summary(instrument, tags) : timer(instrument, tags);
  }

  private DoubleConsumer timer(Instrument instrument, Map<String, String> tags) {
    Duration[] bounds =
        instrument.buckets().stream()
            .map(seconds -> Duration.ofNanos(Math.round(seconds * NANOS)))
            .toArray(Duration[]::new);
    Timer timer =
        Timer.builder(instrument.label())
            .description(instrument.description())
            .tags(tags(tags))
            .serviceLevelObjectives(bounds)
            .register(registry);
    return seconds -> timer.record(Math.round(seconds * NANOS), TimeUnit.NANOSECONDS);
  }

  private DoubleConsumer summary(Instrument instrument, Map<String, String> tags) {
    double[] bounds = instrument.buckets().stream().mapToDouble(Double::doubleValue).toArray();
    DistributionSummary summary =
        DistributionSummary.builder(instrument.label())
            .description(instrument.description())
            .tags(tags(tags))
            .serviceLevelObjectives(bounds)
            .register(registry);
    return summary::record;
  }

  @Override
  public LongConsumer counter(Instrument instrument, Map<String, String> tags) {
    Counter counter =
        Counter.builder(instrument.label())
            .description(instrument.description())
            .tags(tags(tags))
            .register(registry);
    return counter::increment;
  }

  @Override
  public void gauge(Instrument instrument, List<Reading> readings) {
    MultiGauge gauge = gauges.computeIfAbsent(instrument, this::gauge);
    List<Row<?>> rows =
        readings.stream().<Row<?>>map(one -> Row.of(tags(one.tags()), one.value())).toList();
    gauge.register(rows, true);
  }

  private MultiGauge gauge(Instrument instrument) {
    return MultiGauge.builder(instrument.label())
        .description(instrument.description())
        .baseUnit(unit(instrument))
        .register(registry);
  }

  private static @Nullable String unit(Instrument instrument) {
    return instrument.unit().isEmpty() ? null : "seconds";
  }

  @Override
  public void close() {
    gauges.values().forEach(gauge -> gauge.register(List.of(), true));
    gauges.clear();
  }

  private static Tags tags(Map<String, String> tags) {
    return Tags.of(
        tags.entrySet().stream().map(tag -> Tag.of(tag.getKey(), tag.getValue())).toList());
  }
}
