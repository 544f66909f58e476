package dev.noria.storage.postgres;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a PostgreSQL storage is opened. Immutable.
 *
 * @param address where the server is
 * @param user who logs in; null: the user of the operating system, as the driver takes it
 * @param password their secret; null: none, or what {@code PGPASSWORD} or a {@code .pgpass} says
 * @param namespace the schema that holds the jobs: {@code [a-z0-9_]{1,40}}; default {@code noria}
 * @param migrate what to do about the schema; default AUTO
 * @param connections how many connections of an own pool; default 3, 1 to 64
 * @param timeout how long a statement may take; a lock is waited for a sixth of it; default 30 s, 1
 *     s to 10 min
 * @param signals whether a connection listens for wake-ups of other processes; default true
 */
public record PostgresOptions(
    Address address,
    @Nullable String user,
    @Nullable String password,
    String namespace,
    Migrate migrate,
    int connections,
    Duration timeout,
    boolean signals) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9_]{1,40}");
  private static final PostgresOptions DEFAULTS =
      new PostgresOptions(
          new Address("localhost", 5432, "postgres", Map.of()),
          null,
          null,
          "noria",
          Migrate.AUTO,
          3,
          Duration.ofSeconds(30),
          true);

  /**
   * Where a server is.
   *
   * @param host its name or address
   * @param port its port; default 5432
   * @param database the database; empty: that of the user's name
   * @param properties more settings of the driver, such as {@code sslmode} and {@code sslrootcert}
   */
  public record Address(String host, int port, String database, Map<String, String> properties) {
    /** Checks the port. */
    public Address {
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException(
            "The port " + port + " is out of range. Expected 1 to 65535.");
      }
      if (host.isEmpty()) {
        throw new IllegalArgumentException(
            "The host is empty. Expected such as postgresql://localhost/jobs.");
      }
      properties = Map.copyOf(properties);
    }

    /** Without the properties, some of which may be secret. */
    @Override
    public String toString() {
      String shown = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
      return shown + ":" + port + "/" + database;
    }
  }

  /** What to do about the schema. */
  public enum Migrate {
    /** Create and upgrade it as needed. */
    AUTO,
    /** Refuse to open unless it is the newest. */
    VALIDATE,
    /** Look at nothing. */
    NONE
  }

  /** Checks ranges and forms. */
  public PostgresOptions {
    requireNonNull(address, "address");
    requireNonNull(migrate, "migrate");
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "The namespace '" + namespace + "' is not legal. Expected [a-z0-9_]{1,40}.");
    }
    if (connections < 1 || connections > 64) {
      throw new IllegalArgumentException(
          "connections " + connections + " is out of range. Expected 1 to 64.");
    }
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0
        || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "timeout " + timeout + " is out of range. Expected PT1S to PT10M.");
    }
  }

  /** The database {@code postgres} of this host, everything else at its default. */
  public static PostgresOptions defaults() {
    return DEFAULTS;
  }

  /** The same on another server or database. */
  public PostgresOptions withAddress(Address value) {
    return new PostgresOptions(
        value, user, password, namespace, migrate, connections, timeout, signals);
  }

  /** The same on another host, port and database. */
  public PostgresOptions withServer(String host, int port, String database) {
    return withAddress(new Address(host, port, database, address.properties()));
  }

  /** The same with one more setting of the driver. */
  public PostgresOptions withProperty(String name, String value) {
    Map<String, String> more = new TreeMap<>(address.properties());
    more.put(name, value);
    return withAddress(new Address(address.host(), address.port(), address.database(), more));
  }

  /** The same for another user. */
  public PostgresOptions withUser(@Nullable String name, @Nullable String secret) {
    return new PostgresOptions(
        address, name, secret, namespace, migrate, connections, timeout, signals);
  }

  /** The same in another namespace. */
  public PostgresOptions withNamespace(String value) {
    return new PostgresOptions(
        address, user, password, value, migrate, connections, timeout, signals);
  }

  /** The same with another way to treat the schema. */
  public PostgresOptions withMigrate(Migrate value) {
    return new PostgresOptions(
        address, user, password, namespace, value, connections, timeout, signals);
  }

  /** The same with another number of connections. */
  public PostgresOptions withConnections(int value) {
    return new PostgresOptions(
        address, user, password, namespace, migrate, value, timeout, signals);
  }

  /** The same with another patience. */
  public PostgresOptions withTimeout(Duration value) {
    return new PostgresOptions(
        address, user, password, namespace, migrate, connections, value, signals);
  }

  /** The same with or without a connection that listens. */
  public PostgresOptions withSignals(boolean value) {
    return new PostgresOptions(
        address, user, password, namespace, migrate, connections, timeout, value);
  }

  /** Everything but secrets. */
  @Override
  public String toString() {
    return "PostgresOptions["
        + address
        + ", user="
        + user
        + ", password="
        + (password == null ? null : "***")
        + ", namespace="
        + namespace
        + ", migrate="
        + migrate
        + ", connections="
        + connections
        + ", timeout="
        + timeout
        + ", signals="
        + signals
        + "]";
  }
}
