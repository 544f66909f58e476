package dev.noria.metering;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/** A meter that writes down what it gets. */
final class Noted implements Meter {
  final Map<String, List<Double>> values = new ConcurrentHashMap<>();
  final Map<Instrument, List<Reading>> gauges = new ConcurrentHashMap<>();
  boolean closed;

  static String key(Instrument instrument, Map<String, String> tags) {
    return instrument + " " + new TreeMap<>(tags);
  }

  private List<Double> of(Instrument instrument, Map<String, String> tags) {
    return values.computeIfAbsent(key(instrument, tags), key -> new ArrayList<>());
  }

  @Override
  public DoubleConsumer distribution(Instrument instrument, Map<String, String> tags) {
    return of(instrument, tags)::add;
  }

  @Override
  public LongConsumer counter(Instrument instrument, Map<String, String> tags) {
    List<Double> all = of(instrument, tags);
    return more -> all.add((double) more);
  }

  @Override
  public void gauge(Instrument instrument, List<Reading> readings) {
    gauges.put(instrument, readings);
  }

  @Override
  public void close() {
    closed = true;
  }
}
