package dev.noria.metrics;

import dev.noria.metering.Instrument;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/** OpenTelemetry's instruments. Thread-safe. */
final class OpenTelemetryMeter implements dev.noria.metering.Meter {
  private final Meter meter;
  private final Map<Instrument, DoubleHistogram> histograms = new ConcurrentHashMap<>();
  private final Map<Instrument, LongCounter> counters = new ConcurrentHashMap<>();
  private final Map<Instrument, ObservableDoubleGauge> gauges = new ConcurrentHashMap<>();
  private final Map<Instrument, List<Shown>> shown = new ConcurrentHashMap<>();

  OpenTelemetryMeter(Meter meter) {
    this.meter = meter;
  }

  /** Whether anybody takes the numbers. */
  boolean isEnabled() {
    return counters.computeIfAbsent(Instrument.ENQUEUED, this::counter).isEnabled();
  }

  private record Shown(double value, Attributes attributes) {}

  @Override
  public DoubleConsumer distribution(Instrument instrument, Map<String, String> tags) {
    DoubleHistogram histogram = histograms.computeIfAbsent(instrument, this::histogram);
    Attributes attributes = attributes(tags);
    return value -> histogram.record(value, attributes);
  }

  private DoubleHistogram histogram(Instrument instrument) {
    return meter
        .histogramBuilder(instrument.label())
        .setUnit(instrument.unit())
        .setDescription(instrument.description())
        .setExplicitBucketBoundariesAdvice(instrument.buckets())
        .build();
  }

  @Override
  public LongConsumer counter(Instrument instrument, Map<String, String> tags) {
    LongCounter counter = counters.computeIfAbsent(instrument, this::counter);
    Attributes attributes = attributes(tags);
    return more -> counter.add(more, attributes);
  }

  private LongCounter counter(Instrument instrument) {
    return meter
        .counterBuilder(instrument.label())
        .setUnit(instrument.unit())
        .setDescription(instrument.description())
        .build();
  }

  @Override
  public void gauge(Instrument instrument, List<Reading> readings) {
    shown.put(
        instrument,
        readings.stream()
            .map(reading -> new Shown(reading.value(), attributes(reading.tags())))
            .toList());
    gauges.computeIfAbsent(instrument, this::gauge);
  }

  private ObservableDoubleGauge gauge(Instrument instrument) {
    return meter
        .gaugeBuilder(instrument.label())
        .setUnit(instrument.unit())
        .setDescription(instrument.description())
        .buildWithCallback(measurement -> show(instrument, measurement));
  }

  private void show(Instrument instrument, ObservableDoubleMeasurement measurement) {
    for (Shown reading : shown.getOrDefault(instrument, List.of())) {
      measurement.record(reading.value(), reading.attributes());
    }
  }

  @Override
  public void close() {
    gauges.values().forEach(ObservableDoubleGauge::close);
    gauges.clear();
    shown.clear();
  }

  private static Attributes attributes(Map<String, String> tags) {
    AttributesBuilder attributes = Attributes.builder();
    tags.forEach(attributes::put);
    return attributes.build();
  }
}
