package dev.noria.micrometer;

import static java.util.Objects.requireNonNull;

import dev.noria.metering.Metering;
import dev.noria.plugin.Installer;
import dev.noria.plugin.Plugin;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Hands the numbers of a queue to Micrometer: the same as the plugin {@code metrics} hands to
 * OpenTelemetry.
 *
 * <pre>{@code
 * queue.use(Micrometer.with(registry));
 * }</pre>
 *
 * <p>With a composite registry that is empty it adds nothing to the queue. Immutable and
 * thread-safe.
 */
public final class Micrometer implements Plugin {
  /** The plugin's id. */
  public static final String ID = "micrometer";

  private final MeterRegistry registry;
  private final Map<String, String> tags;
  private final Duration interval;

  private Micrometer(MeterRegistry registry, Map<String, String> tags, Duration interval) {
    this.registry = requireNonNull(registry, "registry");
    this.tags = Map.copyOf(tags);
    this.interval = requireNonNull(interval, "interval");
  }

  /** Measures with {@code registry}. */
  public static Micrometer with(MeterRegistry registry) {
    return new Micrometer(registry, Map.of(), Metering.INTERVAL);
  }

  /** The same with a tag on every number: to tell several queues of a process apart. */
  public Micrometer withTag(String name, String value) {
    Map<String, String> more = new HashMap<>(tags);
    more.put(name, value);
    return new Micrometer(registry, more, interval);
  }

  /** The same with gauges that are read so often; default 15 s, at least 100 ms. */
  public Micrometer withInterval(Duration other) {
    return new Micrometer(registry, tags, other);
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void install(Installer installer) {
    if (!isNothing(registry)) {
      Metering.install(installer, new RegistryMeter(registry), tags, interval);
    }
  }

  static boolean isNothing(MeterRegistry registry) {
    return registry instanceof CompositeMeterRegistry composite
        && composite.getRegistries().isEmpty();
  }
}
