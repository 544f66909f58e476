package dev.noria.plugin;

import java.util.Set;

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
