package dev.noria.metering;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/**
 * A metrics library, as {@link Metering} uses it. Each answer is asked for once and kept, so it may
 * be slow to make and must be quick to use. What it throws is logged and does not reach the queue.
 * Must be thread-safe.
 */
public interface Meter extends AutoCloseable {

  /** Takes the single values of a distribution, in the unit of the instrument. */
  DoubleConsumer distribution(Instrument instrument, Map<String, String> tags);

  /** Takes how many more there are. */
  LongConsumer counter(Instrument instrument, Map<String, String> tags);

  /** What a gauge shows from now on, instead of what it showed before. */
  void gauge(Instrument instrument, List<Reading> readings);

  /** Forgets the gauges. */
  @Override
  void close();

  /**
   * One value of a gauge.
   *
   * @param tags which one
   * @param value what it shows
   */
  record Reading(Map<String, String> tags, double value) {
    /** Copies the tags. */
    public Reading {
      tags = Map.copyOf(tags);
    }
  }
}
