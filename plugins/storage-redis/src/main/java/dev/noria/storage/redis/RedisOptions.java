package dev.noria.storage.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a Redis storage is opened. Immutable.
 *
 * @param address where the server is, or the servers are
 * @param user who logs in; null: the default user
 * @param password their secret; null: none
 * @param namespace the closed world of queues, all of whose keys begin with {@code
 *     noria:{namespace}:}; {@code [a-z0-9_]{1,40}}; default {@code noria}
 * @param timeout how long an answer is waited for; default 10 s, 100 ms to 10 min
 * @param allowEviction whether a server is accepted that may drop keys when its memory is full;
 *     jobs may vanish on it; default false
 * @param waitReplicas how many replicas have what a call wrote before it is acknowledged; default
 *     0, at most 100. With fewer at hand no call succeeds
 * @param waitAof whether what a call wrote is on the disk of the server, and of that many replicas,
 *     before it is acknowledged; from Redis 7.2 on; default false
 */
public record RedisOptions(
    Address address,
    @Nullable String user,
    @Nullable String password,
    String namespace,
    Duration timeout,
    boolean allowEviction,
    int waitReplicas,
    boolean waitAof) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9_]{1,40}");
  private static final RedisOptions DEFAULTS =
      new RedisOptions(
          Address.of("localhost", 6379),
          null,
          null,
          "noria",
          Duration.ofSeconds(10),
          false,
          0,
          false);

  /** How the servers belong together. */
  public enum Topology {
    /** One server. */
    STANDALONE,
    /** A master and replicas, found through sentinels. */
    SENTINEL,
    /** A Redis Cluster; a namespace lives in one slot of it. */
    CLUSTER
  }

  /** Whether and how the connection is encrypted. */
  public enum Tls {
    /** Not at all. */
    OFF,
    /** Encrypted; the server's certificate has to be valid for its name. */
    ON,
    /** Encrypted; any certificate is accepted. For tests only. */
    UNVERIFIED
  }

  /**
   * A host and a port.
   *
   * @param host name or address
   * @param port 1 to 65535
   */
  public record Node(String host, int port) {
    /** Checks the port. */
    public Node {
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException(
            "The port " + port + " is out of range. Expected 1 to 65535.");
      }
      if (host.isEmpty()) {
        throw new IllegalArgumentException(
            "A host is empty. Expected such as redis://localhost:6379.");
      }
    }

    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Where servers are.
   *
   * @param topology how they belong together
   * @param nodes one server, or some sentinels, or some nodes of a cluster
   * @param database 0 to 65535; 0 in a cluster
   * @param master the name by which the sentinels know the master; empty otherwise
   * @param tls whether the connection is encrypted
   */
  public record Address(Topology topology, List<Node> nodes, int database, String master, Tls tls) {
    /** Checks what fits together. */
    public Address {
      nodes = List.copyOf(nodes);
      requireNonNull(tls, "tls");
      if (nodes.isEmpty() || (topology == Topology.STANDALONE && nodes.size() > 1)) {
        throw new IllegalArgumentException(
            "An address of "
                + nodes.size()
                + " nodes was given for "
                + topology
                + ". Expected"
                + " one for STANDALONE, at least one otherwise; several nodes belong to"
                + " redis+cluster: or redis-sentinel:.");
      }
      if (database < 0 || database > 65_535 || (topology == Topology.CLUSTER && database > 0)) {
        throw new IllegalArgumentException(
            "The database " + database + " is out of range. Expected 0 to 65535, 0 in a cluster.");
      }
      if ((topology == Topology.SENTINEL) == master.isEmpty()) {
        throw new IllegalArgumentException(
            "The master '"
                + master
                + "' was named for "
                + topology
                + ". Sentinels need the name"
                + " of a master, such as ?master=mymaster; others must have none.");
      }
    }

    /** One server without encryption. */
    public static Address of(String host, int port) {
      return new Address(Topology.STANDALONE, List.of(new Node(host, port)), 0, "", Tls.OFF);
    }

    @Override
    public String toString() {
      return nodes.stream().map(Node::toString).collect(Collectors.joining(","))
          + "/"
          + (master.isEmpty() ? String.valueOf(database) : master + "/" + database);
    }
  }

  /** Checks ranges and forms. */
  public RedisOptions {
    requireNonNull(address, "address");
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "The namespace '" + namespace + "' is not legal. Expected [a-z0-9_]{1,40}.");
    }
    if (timeout.compareTo(Duration.ofMillis(100)) < 0
        || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "timeout " + timeout + " is out of range. Expected PT0.1S to PT10M.");
    }
    if (waitReplicas < 0 || waitReplicas > 100) {
      throw new IllegalArgumentException(
          "waitReplicas " + waitReplicas + " is out of range. Expected 0 to 100.");
    }
  }

  /** Database 0 of the server on this host, everything else at its default. */
  public static RedisOptions defaults() {
    return DEFAULTS;
  }

  /** The same on other servers. */
  public RedisOptions withAddress(Address value) {
    return new RedisOptions(
        value, user, password, namespace, timeout, allowEviction, waitReplicas, waitAof);
  }

  /** The same on another single server. */
  public RedisOptions withServer(String host, int port) {
    return withAddress(Address.of(host, port));
  }

  /** The same for another user. */
  public RedisOptions withUser(@Nullable String name, @Nullable String secret) {
    return new RedisOptions(
        address, name, secret, namespace, timeout, allowEviction, waitReplicas, waitAof);
  }

  /** The same in another namespace. */
  public RedisOptions withNamespace(String value) {
    return new RedisOptions(
        address, user, password, value, timeout, allowEviction, waitReplicas, waitAof);
  }

  /** The same with another patience. */
  public RedisOptions withTimeout(Duration value) {
    return new RedisOptions(
        address, user, password, namespace, value, allowEviction, waitReplicas, waitAof);
  }

  /** The same, accepting a server that drops keys, or not. */
  public RedisOptions withAllowEviction(boolean value) {
    return new RedisOptions(
        address, user, password, namespace, timeout, value, waitReplicas, waitAof);
  }

  /** The same, waiting for so many replicas. */
  public RedisOptions withWaitReplicas(int value) {
    return new RedisOptions(
        address, user, password, namespace, timeout, allowEviction, value, waitAof);
  }

  /** The same, waiting for the disk or not. */
  public RedisOptions withWaitAof(boolean value) {
    return new RedisOptions(
        address, user, password, namespace, timeout, allowEviction, waitReplicas, value);
  }

  /** Everything but secrets. */
  @Override
  public String toString() {
    return "RedisOptions["
        + address
        + ", tls="
        + address.tls()
        + ", user="
        + user
        + ", password="
        + (password == null ? null : "***")
        + ", namespace="
        + namespace
        + ", timeout="
        + timeout
        + ", allowEviction="
        + allowEviction
        + ", waitReplicas="
        + waitReplicas
        + ", waitAof="
        + waitAof
        + "]";
  }
}
