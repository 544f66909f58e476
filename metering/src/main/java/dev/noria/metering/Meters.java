package dev.noria.metering;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meter behind a guard: what it throws is logged once and kept from the queue. Thread-safe. */
final class Meters {
  private static final Logger LOG = LoggerFactory.getLogger(Metering.class);

  private final Meter meter;
  private final Map<String, String> common;
  private volatile boolean told;

  Meters(Meter meter, Map<String, String> common) {
    this.meter = meter;
    this.common = Map.copyOf(common);
  }

  DoubleConsumer distribution(Instrument instrument, Map<String, String> tags) {
    try {
      DoubleConsumer values = meter.distribution(instrument, all(tags));
      return value -> {
        try {
          values.accept(value);
        } catch (Throwable e) {
          failed(instrument, e);
        }
      };
    } catch (Throwable e) {
      failed(instrument, e);
      return value -> {};
    }
  }

  LongConsumer counter(Instrument instrument, Map<String, String> tags) {
    try {
      LongConsumer counter = meter.counter(instrument, all(tags));
      return more -> {
        try {
          counter.accept(more);
        } catch (Throwable e) {
          failed(instrument, e);
        }
      };
    } catch (Throwable e) {
      failed(instrument, e);
      return more -> {};
    }
  }

  void gauge(Instrument instrument, List<Meter.Reading> readings) {
    try {
      meter.gauge(
          instrument,
          readings.stream()
              .map(reading -> new Meter.Reading(all(reading.tags()), reading.value()))
              .toList());
    } catch (Throwable e) {
      failed(instrument, e);
    }
  }

  void close() {
    try {
      meter.close();
    } catch (Throwable e) {
      LOG.warn("The gauges could not be forgotten.", e);
    }
  }

  private Map<String, String> all(Map<String, String> tags) {
    if (common.isEmpty()) {
      return tags;
    }
    Map<String, String> all = new HashMap<>(common);
    all.putAll(tags);
    return all;
  }

  private void failed(Instrument instrument, Throwable error) {
    if (told) {
      LOG.debug("{} could not be measured.", instrument.label(), error);
      return;
    }
    told = true;
    LOG.warn(
        "{} could not be measured; jobs go on without it. This is said once, the rest at DEBUG.",
        instrument.label(),
        error);
  }
}
