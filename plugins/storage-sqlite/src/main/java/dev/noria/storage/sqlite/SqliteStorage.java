package dev.noria.storage.sqlite;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.Limits;
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
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.StorageInfo;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps jobs in one SQLite file. Thread-safe. */
public final class SqliteStorage implements JobStorage {
  private final Database database;
  private final Board board = new Board();
  private final Writer writer;
  private final Reader reader;
  private final Watcher watcher;
  private final Instances instances;
  private final Checkpoints checkpoints;
  private final QuietReplies quiet = new QuietReplies();
  private final Verify verify = new Verify();
  private final List<Capability> capabilities = new ArrayList<>();
  private final StorageInfo info;
  private boolean closed;

  /**
   * Opens the database, creating or upgrading it as the options say.
   *
   * @throws StorageException if it can not be opened
   */
  public static SqliteStorage open(SqliteOptions options) {
    return open(options, Migrations.KNOWN);
  }

  /** Opens it as a release with these migrations would. */
  static SqliteStorage open(SqliteOptions options, Migrations migrations) {
    Database database = new Database(options);
    SqliteStorage storage = new SqliteStorage(database, migrations);
    try {
      storage.instances.open(storage.writer);
      storage.checkpoints.start();
      return storage;
    } catch (RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  /** A plugin that makes this the storage of a queue. */
  public static Plugin plugin(SqliteOptions options) {
    return Plugin.of("sqlite", installer -> installer.storage(() -> open(options)));
  }

  private SqliteStorage(Database database, Migrations migrations) {
    this.database = database;
    this.writer = new Writer(database, board);
    this.reader = new Reader(database, writer);
    this.watcher = new Watcher(database, board);
    this.instances = new Instances(database);
    this.checkpoints = new Checkpoints(database, writer);
    this.info = writer.open(session -> prepare(session, migrations));
    capabilities.add(new Listing(reader));
    capabilities.add(new Operator(writer, reader));
    capabilities.add(new RegisterTable(writer, reader));
    capabilities.add(new NoteTable(writer, reader));
    capabilities.add(new Hearing(writer, board, watcher));
    capabilities.add(new EventLog(writer, reader));
    capabilities.add(new TransferOfAll(writer, reader));
    if (!database.inMemory()) {
      capabilities.add(new OwnTransactions(database));
    }
  }

  private StorageInfo prepare(Session session, Migrations migrations) throws SQLException {
    String version = database.version(session);
    migrations.run(database, session, instances);
    return new StorageInfo(
        "SQLite " + version,
        database.location(),
        database.durability(session),
        Limits.defaults(),
        Set.of(),
        true);
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    checkBatch(jobs.size());
    return writer.call(
        tx -> {
          checkOrder(call);
          Unpack again = Replies.repeated(tx, call);
          if (again != null) {
            return Replies.receipts(again, jobs);
          }
          List<EnqueueReceipt> receipts = Enqueue.run(tx, jobs, now.toEpochMilli());
          Replies.keep(tx, call, receipts, now.toEpochMilli());
          return receipts;
        });
  }

  private void checkBatch(int jobs) {
    if (jobs > info.limits().batchJobs()) {
      throw new StorageException(
          Kind.LIMIT,
          "A call brings " + jobs + " jobs. At most " + info.limits().batchJobs() + " are taken.");
    }
  }

  private void checkOrder(CallId call) {
    if (quiet.isPast(call)) {
      throw new StorageException(
          Kind.CONFLICT,
          "Call "
              + call.sequence()
              + " of a client came after a later one. Expected growing sequences.");
    }
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return writer.call(tx -> exchange(tx, call, acks, request, now.toEpochMilli()));
  }

  private Exchange exchange(Tx tx, CallId call, List<Ack> acks, DequeueRequest request, long now)
      throws SQLException {
    checkOrder(call);
    Exchange same = quiet.repeated(call);
    if (same != null) {
      return same;
    }
    Unpack again = Replies.repeated(tx, call);
    if (again != null) {
      return Replies.exchange(tx, again, acks, request);
    }
    Set<String> queues = queues(request);
    if (!queues.isEmpty()) {
      tx.news().add(new News.Awake(request.nonce(), queues));
    }
    List<AckReceipt> receipts = Acks.run(tx, acks, new Report(), now);
    Exchange exchange = new Dequeue(tx, request, new Report(), now).run(receipts);
    if (acks.isEmpty() && exchange.jobs().isEmpty() && exchange.ended().isEmpty()) {
      quiet.keep(call, exchange);
    } else {
      Replies.keep(tx, call, exchange, now);
    }
    if (request.park() && exchange.jobs().size() < request.total()) {
      tx.news().add(asleep(request, queues, exchange));
    }
    return exchange;
  }

  private static Set<String> queues(DequeueRequest request) {
    Set<String> queues = new HashSet<>();
    for (Demand demand : request.demands()) {
      queues.add(demand.queue());
    }
    return queues;
  }

  private static News.Asleep asleep(DequeueRequest request, Set<String> queues, Exchange exchange) {
    Instant nextDue = exchange.nextDue();
    long until = nextDue == null ? Long.MAX_VALUE : nextDue.toEpochMilli();
    return new News.Asleep(request.nonce(), queues, until);
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    try {
      return writer.call(tx -> Extend.run(tx, leases, expiresAt.toEpochMilli()));
    } catch (StorageException e) {
      if (!Errors.isBusy(e)) {
        throw e;
      }
      // Somebody's long transaction has the only write lock: nobody else can take a lease back.
      return reader.read(session -> Extend.look(session, leases));
    }
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    Set<String> gone = instances.gone(reader);
    Maintained done =
        writer.call(tx -> new Maintain(tx, limit, now.toEpochMilli()).run(gone, verify));
    instances.forget(gone);
    return done;
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    List<JobId> list = List.copyOf(ids);
    return reader.read(
        session -> {
          List<StoredJob> found = new ArrayList<>();
          for (JobId id : list) {
            JobRow row = Jobs.byId(session, id);
            if (row != null) {
              found.add(Views.stored(session, row, parts));
            }
          }
          return found;
        });
  }

  /** What writes; tests of this module make it fail. */
  Writer writer() {
    return writer;
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
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    watcher.close();
    checkpoints.close();
    reader.close();
    writer.close(instances::leave);
    instances.close();
    board.close();
  }
}
