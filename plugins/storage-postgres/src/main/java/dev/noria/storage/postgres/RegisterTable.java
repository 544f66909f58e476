package dev.noria.storage.postgres;

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

/** Small versioned entries. Versions come from one sequence, so none is ever used twice. */
final class RegisterTable implements Registers {
  private final Server server;
  private final Units units;

  RegisterTable(Server server, Units units) {
    this.server = server;
    this.units = units;
  }

  private static Register read(ResultSet row) throws SQLException {
    long expires = row.getLong(4);
    return new Register(
        row.getString(1),
        Bytes.owned(Stmt.bytes(row, 2)),
        row.getLong(3),
        expires < 0 ? null : Instant.ofEpochMilli(expires));
  }

  private static Optional<Register> valid(Optional<Register> found, Instant now) {
    return found.filter(one -> one.expiresAt() == null || one.expiresAt().isAfter(now));
  }

  @Override
  public Optional<Register> get(String name, Instant now) {
    return server.apart(
        session -> valid(session.sql("register.of").with(name).first(RegisterTable::read), now));
  }

  @Override
  public Optional<Register> compareAndSet(
      String name, long expectedVersion, Bytes value, @Nullable Instant expiresAt, Instant now) {
    return server
        .transact(tx -> set(tx, new Register(name, value, expectedVersion, expiresAt), now))
        .result();
  }

  /** Writes {@code wanted} if the version is the one that it names. */
  private static Optional<Register> set(Tx tx, Register wanted, Instant now) throws SQLException {
    Optional<Register> row = tx.sql("register.lock").with(wanted.name()).first(RegisterTable::read);
    if (valid(row, now).map(Register::version).orElse(0L) != wanted.version()) {
      return Optional.empty();
    }
    long version = tx.sql("register.version").number(0);
    Instant expiresAt = wanted.expiresAt();
    long expires = expiresAt == null ? -1 : expiresAt.toEpochMilli();
    Stmt write =
        row.isPresent()
            ? tx.sql("register.update")
                .with(wanted.value().toArray())
                .with(version)
                .with(expires)
                .with(wanted.name())
            : tx.sql("register.insert")
                .with(wanted.name())
                .with(wanted.value().toArray())
                .with(version)
                .with(expires);
    // No row is written where another transaction made the entry since our look.
    return write.run() == 0
        ? Optional.empty()
        : Optional.of(new Register(wanted.name(), wanted.value(), version, expiresAt));
  }

  @Override
  public boolean delete(String name, long expectedVersion, Instant now) {
    return server
        .transact(
            tx -> {
              Optional<Register> row =
                  valid(tx.sql("register.lock").with(name).first(RegisterTable::read), now);
              return row.isPresent()
                  && row.get().version() == expectedVersion
                  && tx.sql("register.delete").with(name).run() == 1;
            })
        .result();
  }

  @Override
  public List<Register> list(String prefix, @Nullable String after, int limit, Instant now) {
    return server.apart(
        session ->
            session
                .sql("register.list")
                .with(after == null ? "" : after)
                .with(prefix)
                .with(prefix)
                .with(now.toEpochMilli())
                .with(limit)
                .all(RegisterTable::read));
  }

  @Override
  public Optional<Advance> advance(
      CallId call, String name, long expectedVersion, Bytes value, List<NewJob> jobs, Instant now) {
    server.names().prepare(jobs);
    return units.run(
        now.toEpochMilli(),
        tx -> {
          Unpack again = Replies.repeated(tx, call, now.toEpochMilli());
          if (again != null) {
            return repeated(tx, again, new Register(name, value, 0, null), jobs);
          }
          Optional<Register> before =
              valid(tx.sql("register.lock").with(name).first(RegisterTable::read), now);
          Instant expiresAt = before.map(Register::expiresAt).orElse(null);
          Optional<Register> moved =
              set(tx, new Register(name, value, expectedVersion, expiresAt), now);
          List<EnqueueReceipt> receipts =
              moved.isEmpty() ? List.of() : Enqueue.run(tx, jobs, now.toEpochMilli());
          Replies.keep(tx, call, moved.orElse(null), receipts);
          return moved.map(register -> new Advance(register, receipts));
        });
  }

  private static Optional<Advance> repeated(Tx tx, Unpack reply, Register asked, List<NewJob> jobs)
      throws SQLException {
    long version = Replies.version(reply);
    if (version == 0) {
      return Optional.empty();
    }
    Instant expiresAt =
        tx.sql("register.of")
            .with(asked.name())
            .first(RegisterTable::read)
            .filter(now -> now.version() == version)
            .map(Register::expiresAt)
            .orElse(null);
    Register register = new Register(asked.name(), asked.value(), version, expiresAt);
    return Optional.of(new Advance(register, Replies.advanced(reply, jobs)));
  }
}
