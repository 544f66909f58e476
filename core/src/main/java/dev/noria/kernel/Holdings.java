package dev.noria.kernel;

import dev.noria.job.JobId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every lease that this process holds. Thread-safe. */
final class Holdings {
  private final Set<LeaseBatch> batches = ConcurrentHashMap.newKeySet();

  void add(LeaseBatch batch) {
    batches.add(batch);
  }

  void remove(LeaseBatch batch) {
    batches.remove(batch);
  }

  boolean isEmpty() {
    return batches.isEmpty();
  }

  void forEach(Consumer<HeldJob> action) {
    for (LeaseBatch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        HeldJob job = batch.get(i);
        if (job != null && !job.isDone()) {
          action.accept(job);
        }
      }
    }
  }

  @Nullable HeldJob find(JobId id) {
    for (LeaseBatch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        HeldJob job = batch.get(i);
        if (job != null && job.job.id().equals(id)) {
          return job;
        }
      }
    }
    return null;
  }
}
