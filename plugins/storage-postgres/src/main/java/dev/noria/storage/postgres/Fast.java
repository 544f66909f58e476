package dev.noria.storage.postgres;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The usual calls as one function of the server each: one round trip, one commit. What is unusual
 * is answered with empty, and nothing was changed.
 */
final class Fast {
  /** A lease of a job that is more than a row, as far as its dequeue knew. */
  private static final Bytes MORE = Bytes.owned(new byte[] {1});

  private static final int DONE = 0;

  private final Server server;
  private final Board board;
  private final int seconds;

  Fast(Server server, Board board) {
    this.server = server;
    this.board = board;
    this.seconds = (int) server.options().timeout().toSeconds();
  }

  /** Stores jobs; false when it is not a case for this way, or a repeated call. */
  boolean enqueue(CallId call, List<NewJob> jobs, long now) {
    if (jobs.isEmpty() || !jobs.stream().allMatch(Enqueue::isPlain)) {
      return false;
    }
    Columns columns = new Columns(jobs, server.names(), now);
    int[] answer;
    try {
      answer =
          server.alone(
              session ->
                  columns
                      .bind(
                          session
                              .sql("fast.enqueue")
                              .within(seconds)
                              .with(call.client())
                              .with(call.sequence())
                              .with(now)
                              .with(server.instance()))
                      .first(row -> Stmt.words(row, 1))
                      .orElseThrow());
    } catch (Server.Slow e) {
      return false;
    }
    for (int i = 1; i < answer.length; i++) {
      board.happened(new News.Work(answer[i], News.NOW));
    }
    return answer[0] == DONE;
  }

  /** What a dequeue asks for, with the numbers of its queues. */
  record Ask(CallId call, DequeueRequest request, long now, boolean awake) {}

  /** Acks and dequeues; empty when it is not a case for this way, or a repeated call. */
  Optional<Answer> exchange(Ask ask, List<Ack> acks) {
    for (Ack ack : acks) {
      if (!Acks.isPlain(ack) || ack.lease().locator().equals(MORE)) {
        return Optional.empty();
      }
    }
    try {
      return server.alone(session -> run(session, ask, acks));
    } catch (Server.Slow e) {
      return Optional.empty();
    }
  }

  private Optional<Answer> run(Session session, Ask ask, List<Ack> acks) throws SQLException {
    DequeueRequest request = ask.request();
    Stmt call =
        session
            .sql("fast.exchange")
            .within(seconds)
            .with(ask.call().client())
            .with(ask.call().sequence())
            .with(ask.now())
            .with(server.instance())
            .with(request.nonce())
            .with(Replies.mark(ask.call()))
            .with(request.expiresAt().toEpochMilli());
    bindAcks(call, acks);
    int size = request.demands().size();
    int[] queues = new int[size];
    int[] limits = new int[size];
    for (int i = 0; i < size; i++) {
      Demand demand = request.demands().get(i);
      queues[i] = server.names().id(demand.queue());
      limits[i] = demand.limit();
    }
    call.numbers(queues).numbers(limits).word(request.total()).with(request.maxBytes());
    Answer answer = new Answer(session, request, queues);
    call.with(request.park()).with(ask.awake());
    server.marks().of(queues).bind(call).all(answer::read);
    if (!answer.usual) {
      return Optional.empty();
    }
    answer.jobs.forEach(
        job -> server.marks().leased(queues[job.demand()], job.rank(), job.place()));
    return Optional.of(answer.of(acks));
  }

  private static void bindAcks(Stmt call, List<Ack> acks) throws SQLException {
    List<Lease> leases = new ArrayList<>(acks.size());
    acks.forEach(ack -> leases.add(ack.lease()));
    leases.sort(Comparator.comparing(Lease::id));
    UUID[] ids = new UUID[leases.size()];
    int[] epochs = new int[ids.length];
    long[] nonces = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = leases.get(i).id().toUuid();
      epochs[i] = (int) leases.get(i).epoch();
      nonces[i] = leases.get(i).nonce();
    }
    call.array("uuid", ids).numbers(epochs).numbers(nonces);
  }

  /** The rows of an answer, as they come. */
  static final class Answer {
    private final Session session;
    private final DequeueRequest request;
    private final Map<Integer, Integer> demand = new HashMap<>();
    private final List<Placed> jobs = new ArrayList<>();
    private final List<JobId> damaged = new ArrayList<>();
    private final List<AckReceipt> receipts = new ArrayList<>();
    private final Set<String> paused = new HashSet<>();
    private boolean usual = true;
    private long nextDue = -1;
    private long clock;

    /** A job, and by what it is in its place. */
    private record Placed(int demand, int rank, long place, LeasedJob job) {
      static final Comparator<Placed> ORDER =
          Comparator.comparingInt(Placed::demand)
              .thenComparingInt(Placed::rank)
              .thenComparingLong(Placed::place);
    }

    private Answer(Session session, DequeueRequest request, int[] queues) {
      this.session = session;
      this.request = request;
      for (int i = 0; i < queues.length; i++) {
        demand.put(queues[i], i);
      }
    }

    private boolean read(ResultSet row) throws SQLException {
      switch (row.getInt(1)) {
        case 0 -> {
          usual = row.getInt(4) == DONE;
          nextDue = row.getLong(2);
          clock = row.getLong(3);
        }
        case 1 -> paused.add(session.names().name(session, row.getInt(6)));
        default -> leased(row);
      }
      return usual;
    }

    private void leased(ResultSet row) throws SQLException {
      try {
        int asked = demand.getOrDefault(row.getInt(6), 0);
        jobs.add(new Placed(asked, row.getInt(14), row.getLong(3), job(row)));
      } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException e) {
        damaged.add(Stmt.id(row, 5));
      }
    }

    private LeasedJob job(ResultSet row) throws SQLException {
      JobId id = Stmt.id(row, 5);
      int rank = row.getInt(14);
      int flags = row.getInt(9);
      String queue = session.names().name(session, row.getInt(6));
      NewJob.Builder builder =
          NewJob.builder(id, row.getString(16), queue, Bytes.owned(Stmt.bytes(row, 18)));
      NewJob job = Extra.unpack(row.getBytes(17), builder).build();
      Instant enqueuedAt = Instant.ofEpochMilli(row.getLong(7));
      long deadline = Stmt.number(row, 15);
      Bytes locator = (flags & Flags.MORE_THAN_A_ROW) == 0 ? Bytes.EMPTY : MORE;
      return new LeasedJob(
          new Lease(id, row.getInt(10), request.nonce(), locator),
          job.type(),
          queue,
          job.payload(),
          job.headers(),
          row.getInt(11),
          job.maxAttempts(),
          row.getInt(12),
          row.getInt(13),
          JobRow.priority(rank),
          null,
          job.limitKey(),
          enqueuedAt,
          job.runAt() == null ? enqueuedAt : job.runAt(),
          job.timeout(),
          deadline < 0 ? null : Instant.ofEpochMilli(deadline),
          job.retention(),
          (flags & Flags.AWAITED) != 0);
    }

    private Answer of(List<Ack> acks) {
      acks.forEach(ack -> receipts.add(AckReceipt.applied(ack.lease().id())));
      return this;
    }

    /** What is answered; jobs that can not be read are not, but end. */
    Exchange withoutDamaged(Units units, long now) {
      List<EndedJob> ended =
          damaged.isEmpty()
              ? List.of()
              : units.run(now, tx -> Ending.damaged(tx, damaged, now, request.nonce()));
      return new Exchange(
          receipts,
          jobs.stream().sorted(Placed.ORDER).map(Placed::job).toList(),
          nextDue < 0 ? null : Instant.ofEpochMilli(nextDue),
          ended,
          paused,
          Instant.ofEpochMilli(clock));
    }
  }
}
