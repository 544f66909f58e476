package dev.noria.examples.slowlog;

import dev.noria.job.Outcome;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.Installer;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import dev.noria.plugin.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Offers the plugin {@code slow-log}: it tells which attempts take longer than {@code
 * noria.plugins.slow-log.threshold} (default 1 s). Thread-safe.
 */
public final class SlowLogProvider implements PluginProvider {
  private static final String ID = "slow-log";

  /** For the service loader. */
  public SlowLogProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public Optional<Plugin> create(Settings settings) {
    Duration threshold = settings.duration("threshold").orElse(Duration.ofSeconds(1));
    return Optional.of(Plugin.of(ID, installer -> install(installer, threshold)));
  }

  private static void install(Installer installer, Duration threshold) {
    TimeSource time = installer.time();
    installer.aroundProcess(
        Placement.in(Phase.OBSERVE), chain -> observe(chain, time, threshold.toNanos()));
  }

  private static Outcome observe(ProcessChain chain, TimeSource time, long threshold) {
    long start = time.nanos();
    Outcome outcome = chain.proceed();
    long took = time.nanos() - start;
    if (took > threshold) {
      System.out.println("slow: " + chain.job().type() + " ended " + outcome.kind());
    }
    return outcome;
  }
}
