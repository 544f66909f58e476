package dev.noria.storage.postgres;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Plugin;
import dev.noria.rows.Unpack;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.ServerClock;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.StorageInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** Keeps jobs in a PostgreSQL schema. Thread-safe. */
public final class PostgresStorage implements JobStorage {
  private static final Duration PING = Duration.ofSeconds(10);

  private final Server server;
  private final Board board;
  private final Units units;
  private final Fast fast;
  private final Naps naps;
  private final Watcher watcher;
  private final Verify verify = new Verify();
  private final List<Capability> capabilities = new ArrayList<>();
  private final StorageInfo info;

  /**
   * Opens the database with a small pool of its own, creating or upgrading the schema as the
   * options say.
   *
   * @throws StorageException if it can not be opened
   */
  public static PostgresStorage open(PostgresOptions options) {
    return open(new Server(options, null));
  }

  /**
   * Opens the database that {@code dataSource} connects to. The data source stays the caller's; it
   * should give at least three connections beside those that the caller needs. Address, user,
   * password and number of connections in the options do not matter.
   *
   * @throws StorageException if it can not be opened
   */
  public static PostgresStorage over(DataSource dataSource, PostgresOptions options) {
    return open(new Server(options, dataSource));
  }

  /** The same with the default options. */
  public static PostgresStorage over(DataSource dataSource) {
    return over(dataSource, PostgresOptions.defaults());
  }

  /** A plugin that makes this the storage of a queue. */
  public static Plugin plugin(PostgresOptions options) {
    return Plugin.of("postgres", installer -> installer.storage(() -> open(options)));
  }

  /** The statements that create the schema of a namespace, for those who run them by hand. */
  public static String schema(String namespace) {
    return Migrations.script(
        new Sql(PostgresOptions.defaults().withNamespace(namespace).namespace()));
  }

  private static PostgresStorage open(Server server) {
    try {
      return new PostgresStorage(server);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private PostgresStorage(Server server) {
    this.server = server;
    this.info = Settings.check(server);
    Migrations.run(server);
    this.board = new Board(server);
    server.onDoubt(() -> board.happened(new News.Doubt()));
    this.units = new Units(server, board);
    this.fast = new Fast(server, board);
    this.naps = new Naps(server, board);
    this.watcher = new Watcher(server, board, naps, PING);
    capabilities.add(new Listing(server));
    capabilities.add(new Operator(server, units));
    capabilities.add(new RegisterTable(server, units));
    capabilities.add(new NoteTable(server));
    capabilities.add(new Hearing(units, board, watcher));
    capabilities.add(new EventLog(server));
    capabilities.add(new TransferOfAll(server, units));
    capabilities.add(new OwnTransactions(server));
    ServerClock clock = () -> Instant.ofEpochMilli(server.alone(PostgresStorage::clock));
    capabilities.add(clock);
  }

  private static long clock(Session session) throws SQLException {
    return session.sql("session.clock").number(0);
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    if (jobs.size() > info.limits().batchJobs()) {
      throw new StorageException(
          Kind.LIMIT,
          "A call brings "
              + jobs.size()
              + " jobs. At most "
              + info.limits().batchJobs()
              + " are taken.");
    }
    long millis = now.toEpochMilli();
    if (fast.enqueue(call, jobs, millis)) {
      return jobs.stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList();
    }
    server.names().prepare(jobs);
    return units.run(
        millis,
        tx -> {
          Unpack again = Replies.repeated(tx, call, millis);
          if (again != null) {
            return Replies.receipts(again, jobs);
          }
          List<EnqueueReceipt> receipts = Enqueue.run(tx, jobs, millis);
          Replies.keep(tx, call, receipts);
          return receipts;
        });
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    long millis = now.toEpochMilli();
    acks.forEach(ack -> server.names().prepare(ack.followUps()));
    request.demands().forEach(demand -> server.names().id(demand.queue()));
    if (request.total() > 0) {
      server.names().worker(request.nonce(), request.owner(), millis);
    }
    boolean awake = !request.demands().isEmpty() && naps.sleeps(request.nonce());
    Fast.Ask ask = new Fast.Ask(call, request, millis, awake);
    Exchange exchange = run(ask, acks);
    if (!request.demands().isEmpty()) {
      naps.looked(request, isParked(request, exchange), !exchange.jobs().isEmpty());
      server.marks().look(millis);
    }
    return exchange;
  }

  private Exchange run(Fast.Ask ask, List<Ack> acks) {
    try {
      return fast.exchange(ask, acks)
          .map(answer -> answer.withoutDamaged(units, ask.now()))
          .orElseGet(() -> units.run(ask.now(), tx -> slow(tx, ask, acks)));
    } catch (StorageException e) {
      naps.failed(ask.request());
      throw e;
    }
  }

  private static boolean isParked(DequeueRequest request, Exchange exchange) {
    return request.park() && exchange.jobs().size() < request.total();
  }

  private Exchange slow(Tx tx, Fast.Ask ask, List<Ack> acks) throws SQLException {
    DequeueRequest request = ask.request();
    Unpack again = Replies.repeated(tx, ask.call(), ask.now());
    if (again != null) {
      Exchange exchange = Replies.exchange(tx, again, acks, ask);
      // Who was woken since the first try did not know that it slept: it lies down again.
      return parked(tx, request, exchange);
    }
    if (ask.awake()) {
      tx.sql("sleeper.delete").with(request.nonce()).array("int4", queues(tx, request)).run();
    }
    List<AckReceipt> receipts = Acks.run(tx, acks, ask.now());
    Exchange exchange = new Dequeue(tx, ask, server.marks()).run(receipts);
    Replies.keep(tx, ask.call(), exchange);
    return parked(tx, request, exchange);
  }

  /** Counts the caller as sleeping if it got less than it asked for. */
  private Exchange parked(Tx tx, DequeueRequest request, Exchange exchange) throws SQLException {
    if (!isParked(request, exchange)) {
      return exchange;
    }
    Instant due = exchange.nextDue();
    tx.sql("sleeper.put")
        .with(request.nonce())
        .with(due == null ? Long.MAX_VALUE : due.toEpochMilli())
        .with(server.instance())
        .array("int4", queues(tx, request))
        .run();
    return exchange;
  }

  private static Integer[] queues(Tx tx, DequeueRequest request) throws SQLException {
    Integer[] queues = new Integer[request.demands().size()];
    for (int i = 0; i < queues.length; i++) {
      queues[i] = tx.names().id(tx.session(), request.demands().get(i).queue());
    }
    return queues;
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return new Extend(server, leases, expiresAt.toEpochMilli(), now.toEpochMilli()).run();
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return new Maintain(server, units, limit, now.toEpochMilli()).run(verify);
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    List<JobId> list = List.copyOf(ids);
    return server.apart(
        session -> {
          Map<JobId, JobRow> rows = Jobs.look(session, list);
          List<StoredJob> found = new ArrayList<>();
          for (JobId id : list) {
            JobRow row = rows.get(id);
            if (row != null) {
              found.add(Views.stored(session, row, parts));
            }
          }
          return found;
        });
  }

  /** What runs transactions; tests of this module make it fail. */
  Server server() {
    return server;
  }

  /** What listens; tests of this module cut it off. */
  Watcher watcher() {
    return watcher;
  }

  @Override
  public StorageInfo info() {
    return info;
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return capabilities.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  @Override
  public void close() {
    watcher.close();
    naps.close();
    if (!server.isClosed()) {
      try {
        server.apart(session -> session.sql("sleeper.leave").with(server.instance()).run());
      } catch (StorageException e) {
        server.log().debug("Nobody could be told of the close", e);
      }
    }
    server.close();
    board.close();
  }
}
