package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.storage.Registers.Register;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The registers by name, and those that expire by instant. */
final class RegisterTable {
  private final TreeMap<String, Register> byName = new TreeMap<>(Bytewise.ORDER);
  private final TreeSet<Register> byExpiry =
      new TreeSet<>(
          Comparator.comparing(RegisterTable::end).thenComparing(Register::name, Bytewise.ORDER));

  /** One counter for all names, so that a deleted name never sees an old version again. */
  private long version;

  private static Instant end(Register register) {
    Instant expiresAt = register.expiresAt();
    return expiresAt == null ? Instant.MAX : expiresAt;
  }

  @Nullable Register get(String name, Instant now) {
    Register register = byName.get(name);
    return register == null || isOver(register, now) ? null : register;
  }

  private static boolean isOver(Register register, Instant now) {
    Instant expiresAt = register.expiresAt();
    return expiresAt != null && !expiresAt.isAfter(now);
  }

  /** Whether {@code name} has the version that somebody expects; 0: is absent. */
  boolean isAt(String name, long expected, Instant now) {
    Register register = get(name, now);
    return expected == (register == null ? 0 : register.version());
  }

  Register put(String name, Bytes value, @Nullable Instant expiresAt) {
    remove(name);
    version++;
    Register register = new Register(name, value, version, expiresAt);
    byName.put(name, register);
    if (expiresAt != null) {
      byExpiry.add(register);
    }
    return register;
  }

  void remove(String name) {
    Register old = byName.remove(name);
    if (old != null && old.expiresAt() != null) {
      byExpiry.remove(old);
    }
  }

  List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    boolean fromPrefix = after == null || Bytewise.ORDER.compare(after, prefix) < 0;
    var rest =
        fromPrefix || after == null ? byName.tailMap(prefix, true) : byName.tailMap(after, false);
    List<Register> found = new ArrayList<>();
    for (Register register : rest.values()) {
      if (found.size() == limit || !register.name().startsWith(prefix)) {
        break;
      }
      if (!isOver(register, now)) {
        found.add(register);
      }
    }
    return found;
  }

  /** Drops what has expired; returns how many. */
  int expire(int limit, Instant now) {
    int dropped = 0;
    while (dropped < limit && !byExpiry.isEmpty() && isOver(byExpiry.first(), now)) {
      remove(byExpiry.first().name());
      dropped++;
    }
    return dropped;
  }

  int size() {
    return byName.size();
  }
}
