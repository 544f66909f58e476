package dev.noria.storage.sqlite;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.rows.Unpack;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Small versioned entries. Versions come from one counter, so none is ever used twice. */
final class RegisterTable implements Registers {
  private static final String VERSIONS = "registers";

  private final Writer writer;
  private final Reader reader;

  RegisterTable(Writer writer, Reader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  private static Register read(ResultSet row) throws SQLException {
    long expires = row.getLong(4);
    return new Register(
        row.getString(1),
        Bytes.owned(Stmt.bytes(row, 2)),
        row.getLong(3),
        expires < 0 ? null : Instant.ofEpochMilli(expires));
  }

  private static Optional<Register> find(Session session, String name, Instant now)
      throws SQLException {
    return session
        .sql("register.of")
        .with(name)
        .first(RegisterTable::read)
        .filter(found -> found.expiresAt() == null || found.expiresAt().isAfter(now));
  }

  @Override
  public Optional<Register> get(String name, Instant now) {
    return reader.read(session -> find(session, name, now));
  }

  @Override
  public Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now) {
    return writer.call(tx -> set(tx, name, expectedVersion, value, expiresAt, now));
  }

  private static Optional<Register> set(
      Tx tx,
      String name,
      long expectedVersion,
      Bytes value,
      @Nullable Instant expiresAt,
      Instant now)
      throws SQLException {
    if (version(tx, name, now) != expectedVersion) {
      return Optional.empty();
    }
    long version = tx.mirror().meta(VERSIONS) + 1;
    tx.mirror().meta(VERSIONS, version);
    Register register = new Register(name, value, version, expiresAt);
    tx.sql("register.put")
        .with(name)
        .with(value.toArray())
        .with(version)
        .with(expiresAt == null ? -1 : expiresAt.toEpochMilli())
        .run();
    return Optional.of(register);
  }

  private static long version(Tx tx, String name, Instant now) throws SQLException {
    return find(tx.session(), name, now).map(Register::version).orElse(0L);
  }

  @Override
  public boolean delete(String name, long expectedVersion, Instant now) {
    return writer.call(
        tx -> {
          long version = version(tx, name, now);
          return version != 0
              && version == expectedVersion
              && tx.sql("register.delete").with(name).run() == 1;
        });
  }

  @Override
  public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    return reader.read(
        session ->
            session
                .sql("register.list")
                .with(after == null ? "" : after)
                .with(prefix)
                .with(now.toEpochMilli())
                .with(limit)
                .all(RegisterTable::read));
  }

  @Override
  public Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    return writer.call(
        tx -> {
          Unpack again = Replies.repeated(tx, call);
          if (again != null) {
            return repeated(again, name, value, jobs);
          }
          Register before = find(tx.session(), name, now).orElse(null);
          Instant expiresAt = before == null ? null : before.expiresAt();
          Optional<Register> moved = set(tx, name, expectedVersion, value, expiresAt, now);
          List<EnqueueReceipt> receipts =
              moved.isEmpty() ? List.of() : Enqueue.run(tx, jobs, now.toEpochMilli());
          Replies.keep(tx, call, moved.orElse(null), receipts, now.toEpochMilli());
          return moved.map(register -> new Advance(register, receipts));
        });
  }

  private static Optional<Advance> repeated(
      Unpack reply, String name, Bytes value, List<NewJob> jobs) {
    long version = Replies.version(reply);
    if (version == 0) {
      return Optional.empty();
    }
    Register register = new Register(name, value, version, null);
    return Optional.of(new Advance(register, Replies.advanced(reply, jobs)));
  }
}
