package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.storage.Registers.Advance;
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
    place(register);
    return register;
  }

  private void place(Register register) {
    byName.put(register.name(), register);
    if (register.expiresAt() != null) {
      byExpiry.add(register);
    }
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
  int expire(int limit, long millis) {
    Instant now = Instant.ofEpochMilli(millis);
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

  boolean hasExpired(long now) {
    return !byExpiry.isEmpty() && isOver(byExpiry.first(), Instant.ofEpochMilli(now));
  }

  void write(Out out) {
    out.number(version);
    out.list(byName.values(), register -> write(out, register));
  }

  void read(In in) {
    version = in.number();
    in.list(() -> readRegister(in)).forEach(this::place);
  }

  private static void write(Out out, Register register) {
    out.text(register.name());
    out.bytes(register.value());
    out.number(register.version());
    out.optional(register.expiresAt(), out::precise);
  }

  private static Register readRegister(In in) {
    String name = in.text();
    Bytes value = in.bytes();
    long version = in.number();
    return new Register(name, value, version, in.optional(in::precise));
  }

  static void write(Out out, Advance advance) {
    write(out, advance.register());
    out.list(advance.receipts(), receipt -> Wire.receipt(out, receipt));
  }

  static Advance readAdvance(In in) {
    Register register = readRegister(in);
    return new Advance(register, in.list(() -> Wire.receipt(in)));
  }
}
