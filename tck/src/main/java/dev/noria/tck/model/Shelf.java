package dev.noria.tck.model;

import dev.noria.job.Bytes;
import dev.noria.storage.Registers.Register;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The registers (C3), and the last version that each name has ever had. */
final class Shelf {
  /** Bytewise as UTF-8, which is not how Java compares texts. */
  static final Comparator<String> BYTEWISE =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final Decisions decisions;
  private final TreeMap<String, Register> registers = new TreeMap<>(BYTEWISE);
  private final Map<String, Long> versions = new HashMap<>();

  Shelf(Decisions decisions) {
    this.decisions = decisions;
  }

  Optional<Register> get(String name, Instant now) {
    return Optional.ofNullable(registers.get(name)).filter(entry -> isLive(entry, now));
  }

  Optional<Register> compareAndSet(
      String name, long expected, Bytes value, @Nullable Instant expiresAt, Instant now) {
    if (version(name, now) != expected) {
      return Optional.empty();
    }
    long next = versions.merge(name, 1L, Long::sum);
    Register fresh = new Register(name, value, next, expiresAt);
    registers.put(name, fresh);
    return Optional.of(fresh);
  }

  boolean delete(String name, long expected, Instant now) {
    if (get(name, now).isEmpty() || version(name, now) != expected) {
      return false;
    }
    registers.remove(name);
    if (!decisions.remembersVersions()) {
      versions.remove(name);
    }
    return true;
  }

  List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    return registers.values().stream()
        .filter(entry -> isLive(entry, now) && entry.name().startsWith(prefix))
        .filter(entry -> after == null || BYTEWISE.compare(entry.name(), after) > 0)
        .limit(limit)
        .toList();
  }

  void dropExpired(Instant now) {
    registers.values().removeIf(entry -> !isLive(entry, now));
  }

  private long version(String name, Instant now) {
    return get(name, now).map(Register::version).orElse(0L);
  }

  private static boolean isLive(Register entry, Instant now) {
    return entry.expiresAt() == null || entry.expiresAt().isAfter(now);
  }
}
