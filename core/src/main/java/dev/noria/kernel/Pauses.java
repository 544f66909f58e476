package dev.noria.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The queues that this process held paused at one moment, each with the number of its pause.
 * Immutable.
 */
record Pauses(Map<QueueSlots, Long> held) {
  static final Pauses NONE = new Pauses(Map.of());

  static Pauses of(List<QueueSlots> queues) {
    Map<QueueSlots, Long> held = Map.of();
    for (QueueSlots queue : queues) {
      long pause = queue.hold();
      if (pause != 0) {
        held = held.isEmpty() ? new HashMap<>() : held;
        held.put(queue, pause);
      }
    }
    return held.isEmpty() ? NONE : new Pauses(Map.copyOf(held));
  }

  /** A queue that was asked for since, and is not paused in the storage, was resumed elsewhere. */
  void letGo(Set<String> asked, Set<String> paused) {
    held.forEach(
        (queue, pause) -> {
          if (asked.contains(queue.name) && !paused.contains(queue.name)) {
            queue.letGo(pause);
          }
        });
  }
}
