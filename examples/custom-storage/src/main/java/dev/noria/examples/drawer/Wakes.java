package dev.noria.examples.drawer;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Signals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who sleeps and who listens (S1.7, C5). Guarded by the lock of the storage. */
final class Wakes {
  private final Map<Object, Listener> listeners = new HashMap<>();
  private final Map<Object, Set<JobId>> awaited = new HashMap<>();
  private final Set<String> sleepers = new HashSet<>();
  private final List<Consumer<Signals.Listener>> pending = new ArrayList<>();

  /** A listener that hears nothing more once it is closed. */
  private static final class Listener {
    final Signals.Listener ears;
    volatile boolean open = true;

    Listener(Signals.Listener ears) {
      this.ears = ears;
    }
  }

  void listen(Object registration, Signals.Listener ears) {
    listeners.put(registration, new Listener(ears));
  }

  void await(Object registration, Set<JobId> ids) {
    awaited.put(registration, Set.copyOf(ids));
  }

  void forget(Object registration) {
    awaited.remove(registration);
    Listener listener = listeners.remove(registration);
    if (listener != null) {
      listener.open = false;
    }
  }

  void sleep(DequeueRequest request) {
    request.demands().forEach(demand -> sleepers.add(demand.queue()));
  }

  /** A job waits in this queue: at once, or from {@code due} on. */
  void waiting(String queue, @Nullable Instant due) {
    // A sleeper that has heard of a later instant must still hear of a sooner one.
    boolean sleeping = due == null ? sleepers.remove(queue) : sleepers.contains(queue);
    if (sleeping) {
      pending.add(ears -> ears.workReady(queue, due));
    }
  }

  void finished(Entry entry, JobState state) {
    JobId id = entry.job.id();
    if (entry.job.awaited() || awaited.values().stream().anyMatch(ids -> ids.contains(id))) {
      pending.add(ears -> ears.jobFinished(id, state));
    }
  }

  /** What to say once the lock is free: a listener may call the storage. */
  Runnable delivery() {
    if (pending.isEmpty()) {
      return () -> {};
    }
    List<Consumer<Signals.Listener>> signals = List.copyOf(pending);
    pending.clear();
    List<Listener> all = List.copyOf(listeners.values());
    return () -> all.forEach(one -> signals.forEach(signal -> tell(one, signal)));
  }

  private static void tell(Listener listener, Consumer<Signals.Listener> signal) {
    if (listener.open) {
      signal.accept(listener.ears);
    }
  }
}
