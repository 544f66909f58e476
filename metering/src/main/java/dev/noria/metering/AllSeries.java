package dev.noria.metering;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The numbers by queue and type. Queues and types may be named by data, so their number is bounded:
 * what comes later is counted together. Thread-safe.
 */
final class AllSeries {
  static final int MOST = 500;
  static final String OTHERS = "_other";

  private final Meters meters;
  private final Map<String, Map<String, Series>> byQueue = new ConcurrentHashMap<>();
  private final Series others;
  private volatile int count;

  AllSeries(Meters meters) {
    this.meters = meters;
    this.others = new Series(meters, OTHERS, OTHERS);
  }

  Series of(String queue, String type) {
    Map<String, Series> byType = byQueue.get(queue);
    Series known = byType == null ? null : byType.get(type);
    return known == null ? made(queue, type) : known;
  }

  private synchronized Series made(String queue, String type) {
    if (count >= MOST) {
      return others;
    }
    Map<String, Series> byType =
        byQueue.computeIfAbsent(queue, name -> new ConcurrentHashMap<>());
    Series known = byType.get(type);
    if (known != null) {
      return known;
    }
    count++;
    Series fresh = new Series(meters, queue, type);
    byType.put(type, fresh);
    return fresh;
  }
}
