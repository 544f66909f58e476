package dev.noria.tracing;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong in OpenTelemetry, in its propagators, samplers and exporters: the job goes on,
 * and the log hears of it once, for it may happen a hundred thousand times a second.
 */
final class Troubles {
  private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

  private volatile boolean told;

  /** It could not {@code action} {@code what}. */
  void tell(String action, String what, Throwable error) {
    if (told) {
      LOG.debug("Tracing could not {} {}.", action, what, error);
      return;
    }
    told = true;
    LOG.warn(
        "Tracing could not {} {}; jobs go on without it. This is said once, the rest at DEBUG.",
        action,
        what,
        error);
  }
}
