package dev.noria.plugin;

/**
 * Hears what happened, one event after the other on a thread of its own, behind a bounded buffer:
 * what does not fit is dropped, counted ({@link Vitals#droppedEvents}) and said once. Cannot alter
 * anything, nor hold up anybody; one that throws is logged and skipped. Not middleware.
 */
@FunctionalInterface
public interface JobListener {

  /**
   * Something happened. Return soon: later events wait, and are dropped when the buffer is full.
   */
  void on(JobEvent event);
}
