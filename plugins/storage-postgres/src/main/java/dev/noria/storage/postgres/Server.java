package dev.noria.storage.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs units on connections of a pool. Nothing of a session is relied on: limits are set per
 * transaction, and what fails because a connection was swapped underneath is run again.
 */
final class Server implements AutoCloseable {
  private static final int ATTEMPTS = 8;

  private final Logger log = LoggerFactory.getLogger(PostgresStorage.class);
  private final PostgresOptions options;
  private final Sql sql;
  private final Names names = new Names(this);
  private final Marks marks;
  private final String instance = UUID.randomUUID().toString();
  private final DataSource pool;
  private final @Nullable HikariDataSource own;
  private final String location;
  private volatile boolean closed;
  private volatile Runnable doubt = () -> {};

  /** Something to do in a transaction; run again from the start when the transaction fails. */
  interface Work<T extends @Nullable Object> {
    T run(Tx tx) throws SQLException;
  }

  /** Something to do on a connection. */
  interface Look<T extends @Nullable Object> {
    T run(Session session) throws SQLException;
  }

  /** What a unit returned, and what it has to tell. */
  record Outcome<T extends @Nullable Object>(T result, News news) {}

  /** Over somebody's pool, or over one of its own when {@code borrowed} is null. */
  Server(PostgresOptions options, @Nullable DataSource borrowed) {
    this.options = options;
    this.marks = new Marks(this);
    this.sql = new Sql(options.namespace());
    if (borrowed == null) {
      this.own = pool(options);
      this.pool = own;
      this.location = options.address() + "#" + options.namespace();
    } else {
      this.own = null;
      this.pool = borrowed;
      this.location = "the given DataSource#" + options.namespace();
    }
  }

  private static HikariDataSource pool(PostgresOptions options) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(driver(options));
    config.setPoolName("noria-" + options.namespace());
    config.setMaximumPoolSize(options.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(true);
    return new HikariDataSource(config);
  }

  private static DataSource driver(PostgresOptions options) {
    PostgresOptions.Address address = options.address();
    PGSimpleDataSource driver = new PGSimpleDataSource();
    driver.setServerNames(new String[] {address.host()});
    driver.setPortNumbers(new int[] {address.port()});
    if (!address.database().isEmpty()) {
      driver.setDatabaseName(address.database());
    }
    Properties properties = new Properties();
    properties.putAll(address.properties());
    properties.putIfAbsent("ApplicationName", "noria");
    properties.putIfAbsent("connectTimeout", "5");
    properties.putIfAbsent("tcpKeepAlive", "true");
    // The server's own limit comes first; this one is for a server that fell silent.
    properties.putIfAbsent("socketTimeout", Long.toString(options.timeout().toSeconds() + 10));
    try {
      for (String name : properties.stringPropertyNames()) {
        driver.setProperty(name, properties.getProperty(name));
      }
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          "A setting of the driver is not known: " + e.getMessage(), e);
    }
    if (options.user() != null) {
      driver.setUser(options.user());
    }
    if (options.password() != null) {
      driver.setPassword(options.password());
    }
    return driver;
  }

  PostgresOptions options() {
    return options;
  }

  Sql sql() {
    return sql;
  }

  Names names() {
    return names;
  }

  Marks marks() {
    return marks;
  }

  String instance() {
    return instance;
  }

  String location() {
    return location;
  }

  Logger log() {
    return log;
  }

  /** What to do when a transaction may have been committed, and its answer is lost. */
  void onDoubt(Runnable action) {
    doubt = action;
  }

  /** A connection of its own, for listening; the caller closes it. */
  Connection dedicated() throws SQLException {
    return own == null ? pool.getConnection() : driver(options).getConnection();
  }

  /** Runs {@code work} in a transaction, again if it lost against another one. */
  <T extends @Nullable Object> Outcome<T> transact(Work<T> work) {
    return repeating(connection -> inTransaction(connection, work));
  }

  /** Reads, or changes something small, in a transaction without news. */
  <T extends @Nullable Object> T apart(Look<T> look) {
    return transact(tx -> look.run(tx.session())).result();
  }

  /** Runs one statement that is a transaction by itself. */
  <T extends @Nullable Object> T alone(Look<T> look) {
    return repeating(
        connection -> {
          connection.setAutoCommit(true);
          try {
            return look.run(session(connection));
          } catch (SQLException e) {
            throw new Failed(e, true);
          }
        });
  }

  Session session(Connection connection) {
    return new Session(connection, sql, names);
  }

  private interface Unit<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException, Failed;
  }

  /** A failure that may have come after the commit. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1;
    private final transient SQLException cause;
    private final boolean committing;

    Failed(SQLException cause, boolean committing) {
      super(cause);
      this.cause = cause;
      this.committing = committing;
    }
  }

  private <T extends @Nullable Object> T repeating(Unit<T> unit) {
    for (int attempt = 1; ; attempt++) {
      try {
        return onConnection(unit);
      } catch (Failed e) {
        check(e.cause, e.committing, attempt);
      } catch (SQLException e) {
        check(e, false, attempt);
      }
    }
  }

  private <T extends @Nullable Object> T onConnection(Unit<T> unit) throws SQLException, Failed {
    Connection connection = connect();
    try {
      return unit.run(connection);
    } finally {
      close(connection);
    }
  }

  /** What fails here changes nothing about what was done. */
  private void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("A connection did not go back to its pool", e);
    }
  }

  /** Returns when the unit is to be run again. */
  private void check(SQLException e, boolean committing, int attempt) {
    if (Errors.isSlow(e)) {
      throw new Slow(e);
    }
    if (!Errors.isRepeatable(e) || attempt == ATTEMPTS) {
      boolean unknown = committing && Errors.isBroken(e);
      if (unknown) {
        doubt.run();
      }
      throw Errors.of(e, location, unknown);
    }
    log.debug("A transaction is run again after {}", Errors.state(e));
  }

  /** A unit is not a case for the fast way. */
  static final class Slow extends RuntimeException {
    private static final long serialVersionUID = 1;

    Slow(SQLException cause) {
      super(cause);
    }
  }

  private Connection connect() throws SQLException {
    if (closed) {
      throw new StorageException(
          Kind.UNAVAILABLE, "The PostgreSQL storage at " + location + " is closed.");
    }
    return pool.getConnection();
  }

  private <T extends @Nullable Object> Outcome<T> inTransaction(Connection connection, Work<T> work)
      throws SQLException, Failed {
    connection.setAutoCommit(false);
    try {
      Tx tx = new Tx(session(connection), instance);
      limit(tx.session());
      T result = work.run(tx);
      tx.flush();
      try {
        connection.commit();
      } catch (SQLException e) {
        throw new Failed(e, true);
      }
      return new Outcome<>(result, tx.news());
    } catch (Throwable e) {
      rollback(connection, e);
      throw e;
    } finally {
      restore(connection);
    }
  }

  /** Limits of this transaction only: a session may belong to somebody else next. */
  private void limit(Session session) throws SQLException {
    long millis = options.timeout().toMillis();
    session
        .sql("session.limits")
        .with(Long.toString(millis))
        .with(Long.toString(Math.max(500, millis / 6)))
        .execute();
  }

  void rollback(Connection connection, Throwable reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  void restore(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      log.debug("A broken connection goes back to its pool", e);
    }
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    if (own != null) {
      own.close();
    }
  }
}
