package dev.noria.cli.bench;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A map of payloads and a queue of their numbers. */
final class RawMap implements RawDriver {
  private final Map<Long, byte[]> jobs = new ConcurrentHashMap<>();
  private final Queue<Long> ready = new ConcurrentLinkedQueue<>();

  @Override
  public double singles(int count) {
    long start = System.nanoTime();
    for (long i = 0; i < count; i++) {
      jobs.put(i, new byte[PAYLOAD]);
      ready.add(i);
    }
    return count / ((System.nanoTime() - start) / 1e9);
  }

  /** There is nothing to share. */
  @Override
  public double chunks(int count) {
    return singles(count);
  }

  @Override
  public @Nullable Double wakeMillis(int count) {
    return null;
  }

  @Override
  public double drain(int count) {
    double ignored = singles(count);
    long start = System.nanoTime();
    long bytes = 0;
    for (Long next = ready.poll(); next != null; next = ready.poll()) {
      byte[] payload = jobs.remove(next);
      bytes += payload == null ? 0 : payload.length;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (bytes != (long) count * PAYLOAD) {
      throw new IllegalStateException("The map lost jobs.");
    }
    return count / seconds;
  }
}
