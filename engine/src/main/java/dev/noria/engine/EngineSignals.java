package dev.noria.engine;

import dev.noria.job.JobId;
import dev.noria.storage.Signals;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The hints (C5); they run on the thread that applied what they report, after its unit. */
final class EngineSignals implements Signals {
  private final Replica replica;

  EngineSignals(Access access) {
    this.replica = access.replica();
  }

  @Override
  public Registration listen(Listener listener) {
    return replica.outbox().listen(listener);
  }

  @Override
  public Registration await(Set<JobId> ids) {
    Set<JobId> own = Set.copyOf(ids);
    replica.always(outbox -> outbox.await(own));
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (open.getAndSet(false)) {
        replica.always(outbox -> outbox.forget(own));
      }
    };
  }
}
