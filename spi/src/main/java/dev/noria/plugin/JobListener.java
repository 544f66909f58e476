package dev.noria.plugin;

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
}
