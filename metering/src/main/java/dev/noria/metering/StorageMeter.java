package dev.noria.metering;

import dev.noria.plugin.StorageObserver;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** Measures the storage's calls. Thread-safe. */
final class StorageMeter implements StorageObserver {
  private static final double NANOS = 1e9;
  private static final String NONE = "none";

  private final Meters meters;
  private final Map<String, Operation> operations = new ConcurrentHashMap<>();

  StorageMeter(Meters meters) {
    this.meters = meters;
  }

  @Override
  public Call begins(String operation) {
    Operation known = operations.get(operation);
    return known == null ? operations.computeIfAbsent(operation, Operation::new) : known;
  }

  /** All calls of one method. */
  private final class Operation implements Call {
    private final String name;
    private final DoubleConsumer succeeded;
    private final DoubleConsumer items;

    Operation(String name) {
      this.name = name;
      this.succeeded = took(NONE);
      this.items = meters.distribution(Instrument.STORAGE_BATCH, Map.of("call", name));
    }

    private DoubleConsumer took(String error) {
      return meters.distribution(Instrument.STORAGE_CALL, Map.of("call", name, "error", error));
    }

    @Override
    public void ended(int count, long tookNanos, @Nullable String error) {
      if (error == null) {
        succeeded.accept(tookNanos / NANOS);
        items.accept(count);
      } else {
        took(error.toLowerCase(Locale.ROOT)).accept(tookNanos / NANOS);
      }
    }
  }
}
