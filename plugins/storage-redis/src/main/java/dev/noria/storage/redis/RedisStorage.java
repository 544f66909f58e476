package dev.noria.storage.redis;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Plugin;
import dev.noria.storage.Ack;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Keeps jobs in Redis or Valkey. Thread-safe. */
public final class RedisStorage implements JobStorage {
  private final Server server;
  private final Board board;
  private final Finder finder;
  private final List<Capability> capabilities = new ArrayList<>();
  private final StorageInfo info;

  /**
   * Connects to the server or servers that the options name.
   *
   * @throws StorageException if they can not be reached, or would not keep jobs safe
   */
  public static RedisStorage open(RedisOptions options) {
    Server server = new Server(options);
    try {
      return new RedisStorage(server);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** A plugin that makes this the storage of a queue. */
  public static Plugin plugin(RedisOptions options) {
    return Plugin.of("redis", installer -> installer.storage(() -> open(options)));
  }

  private RedisStorage(Server server) {
    this.server = server;
    this.info = Settings.check(server);
    this.board = new Board(server);
    this.finder = new Finder(server);
    capabilities.add(new Listing(server, finder));
    capabilities.add(new Operator(server));
    capabilities.add(new RegisterTable(server));
    capabilities.add(new NoteTable(server, finder));
    capabilities.add(new Hearing(server, board));
    capabilities.add(new EventLog(server));
    capabilities.add(new TransferOfAll(server, finder));
    ServerClock clock = this::serverTime;
    capabilities.add(clock);
  }

  private Instant serverTime() {
    List<byte[]> time = server.answer("TIME", () -> server.link().commands().time());
    return Instant.ofEpochSecond(
        Long.parseLong(text(time.get(0))), Long.parseLong(text(time.get(1))) * 1_000);
  }

  /** Makes a call that may wake sleepers of this storage; they are woken in any case. */
  private <T> T waking(Pack out, Function<Pack, T> call) {
    try {
      return call.apply(out.key("origin").bits(board.origin()).close());
    } catch (StorageException e) {
      if (e.outcomeUnknown()) {
        board.wakeAll();
      }
      throw e;
    }
  }

  private static String text(byte[] digits) {
    return new String(digits, java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** The open arguments of a call that can be repeated. */
  static Pack call(CallId call, Instant now) {
    Pack out = now(now);
    out.key("client").bits(call.client());
    out.key("sequence").bits(call.sequence());
    return out;
  }

  static Pack now(Instant now) {
    return new Pack().open().key("now").number(now.toEpochMilli());
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
    Pack out = call(call, now);
    if (PlainForm.fit(jobs, now)) {
      PlainForm.write(out, jobs, now);
    } else {
      JobForm.writeAll(out.key("jobs"), jobs);
    }
    Unpack in = new Unpack(waking(out, sent -> server.run("enqueue", sent)));
    List<EnqueueReceipt> receipts = Replies.receipts(in, jobs);
    board.woken(in);
    return receipts;
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    Pack out = call(call, now);
    if (PlainForm.areDone(acks)) {
      PlainForm.writeDone(out, acks);
    } else {
      AckForm.write(out.key("acks"), acks);
    }
    out.key("owner").text(request.owner());
    out.key("nonce").bits(request.nonce());
    out.key("expires").number(request.expiresAt().toEpochMilli());
    out.key("total").number(request.total());
    out.key("bytes").number(request.maxBytes());
    out.key("park").truth(request.park());
    out.key("demands").list(request.demands().size());
    request.demands().forEach(each -> out.list(2).text(each.queue()).number(each.limit()));
    List<?> reply = waking(out, sent -> server.runForList("exchange", sent));
    Unpack head = new Unpack((byte[]) reply.get(0));
    Exchange exchange = Replies.exchange(head, acks, Replies.jobs(reply, request.nonce()));
    board.woken(head);
    if (request.park() && exchange.jobs().size() < request.total()) {
      board.parked(request.demands());
    }
    return exchange;
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    Pack out = now(now).key("expires").number(expiresAt.toEpochMilli());
    out.key("leases").list(leases.size());
    for (LeaseUse use : leases) {
      out.list(5);
      AckForm.lease(out, use.lease());
      out.truth(use.started()).truth(use.abandoned());
    }
    byte[] digits = server.run("extend", out.close());
    List<ExtendReceipt> receipts = new ArrayList<>(leases.size());
    for (int i = 0; i < leases.size(); i++) {
      ExtendReceipt.Status status =
          switch (digits[i]) {
            case '0' -> ExtendReceipt.Status.EXTENDED;
            case '1' -> ExtendReceipt.Status.LOST;
            default -> ExtendReceipt.Status.CANCEL_REQUESTED;
          };
      receipts.add(new ExtendReceipt(leases.get(i).lease().id(), status));
    }
    return receipts;
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    Pack out = now(now).key("limit").number(limit).close();
    return Replies.maintained(server.ask("maintain", out));
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return finder.find(List.copyOf(ids), parts);
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
    board.close();
    server.close();
  }
}
