package dev.noria.plugin;

import java.util.Set;

/**
 * Hears what happened, on one thread of the kernel behind a bounded buffer (drops are counted).
 * Cannot alter anything; one that throws is logged and skipped. Not middleware.
 */
@FunctionalInterface
public interface JobListener {

  /**
   * Something happened. Return soon: later events wait, and are dropped when the buffer is full.
   */
  void on(JobEvent event);

  /**
   * What it wants to hear of; asked once. The kernel makes no event that nobody wants, so whoever
   * names the rare ones costs the jobs nothing.
   *
   * @return classes of events; empty for all
   */
  default Set<Class<? extends JobEvent>> kinds() {
    return Set.of();
  }
}
