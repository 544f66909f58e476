package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small versioned entries. */
final class RegisterTable implements Registers {
  private final Server server;

  RegisterTable(Server server) {
    this.server = server;
  }

  private static Pack arguments(String what, Instant now) {
    return RedisStorage.now(now).key("what").text(what);
  }

  @Override
  public Optional<Register> get(String name, Instant now) {
    return one(name, arguments("get", now).key("name").text(name));
  }

  private Optional<Register> one(String name, Pack out) {
    Unpack in = server.ask("register", out.close());
    in.list();
    return in.isNothing() ? Optional.empty() : Optional.of(register(name, in));
  }

  private static Register register(String name, Unpack in) {
    in.list();
    long version = in.number();
    Instant expiresAt = in.isNothing() ? null : Instant.ofEpochMilli(in.number());
    return new Register(name, in.bytes(), version, expiresAt);
  }

  @Override
  public Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now) {
    Pack out = arguments("put", now).key("name").text(name);
    out.key("expected").number(expectedVersion).key("value").raw(value);
    if (expiresAt != null) {
      out.key("expires").number(expiresAt.toEpochMilli());
    }
    return one(name, out);
  }

  @Override
  public boolean delete(String name, long expectedVersion, Instant now) {
    Pack out = arguments("delete", now).key("name").text(name);
    Unpack in = server.ask("register", out.key("expected").number(expectedVersion).close());
    in.list();
    return in.truth();
  }

  @Override
  public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    Listing.checkLimit(limit);
    byte[] start = Server.bytes(prefix);
    boolean behind = after != null && Arrays.compareUnsigned(Server.bytes(after), start) >= 0;
    Pack out = arguments("list", now).key("prefix").text(prefix);
    out.key("from").text(behind ? "(" + after : "[" + prefix).key("limit").number(limit);
    Unpack in = server.ask("register", out.close());
    List<Register> registers = new ArrayList<>();
    for (int left = in.list(); left > 0; left -= 2) {
      registers.add(register(in.text(), in));
    }
    return registers;
  }

  @Override
  public Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    Pack out = RedisStorage.call(call, now).key("what").text("advance").key("name").text(name);
    out.key("expected").number(expectedVersion).key("value").raw(value).key("jobs");
    JobForm.writeAll(out, jobs);
    Unpack in = server.ask("register", out.close());
    in.list();
    if (in.isNothing()) {
      return Optional.empty();
    }
    in.list();
    Register moved = register(name, in);
    List<EnqueueReceipt> receipts = Replies.receipts(in, jobs);
    return Optional.of(new Advance(moved, receipts));
  }
}
