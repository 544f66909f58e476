package dev.noria.storage.memory;

import dev.noria.job.JobId;
import dev.noria.storage.Signals;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The hints (C5); they run on the thread whose call they report, after its unit. */
final class MemorySignals implements Signals {
  private final Gate gate;

  MemorySignals(Gate gate) {
    this.gate = gate;
  }

  @Override
  public Registration listen(Listener listener) {
    return gate.outbox().listen(listener);
  }

  @Override
  public Registration await(Set<JobId> ids) {
    Set<JobId> own = Set.copyOf(ids);
    gate.always(outbox -> outbox.await(own));
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        gate.always(outbox -> outbox.forget(own));
      }
    };
  }
}
