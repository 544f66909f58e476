package dev.noria.metering;

import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Installer;
import java.time.Duration;
import java.util.Map;

/**
 * Declares all that it takes to measure a queue: one middleware, an observer of the storage, a
 * listener for what is rare, and a loop that reads the gauges. Stateless.
 */
public final class Metering {
  /** How often the gauges are read, unless told otherwise. */
  public static final Duration INTERVAL = Duration.ofSeconds(15);

  private static final Duration SHORTEST = Duration.ofMillis(100);

  private Metering() {}

  /**
   * Measures the queue of {@code installer} with {@code meter}, and closes it in the end.
   *
   * @param tags stand on every number besides its own: to tell several queues of a process apart
   * @param interval how often the gauges are read; at least 100 ms
   */
  public static void install(
      Installer installer, Meter meter, Map<String, String> tags, Duration interval) {
    if (interval.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "The interval " + interval + " is too short. Expected at least " + SHORTEST + ".");
    }
    Meters meters = new Meters(meter, tags);
    installer.middleware(
        Placement.in(Phase.OBSERVE).after("tracing"),
        new MeteringMiddleware(meters, installer.time()));
    installer.observe(new StorageMeter(meters));
    installer.listen(new RareEvents(meters));
    Gauges gauges = new Gauges(meters, installer);
    installer.loop("gauges", () -> gauges.read(interval));
    installer.onStop(meters::close);
  }
}
