package dev.noria.storage.postgres;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.rows.Codes;
import dev.noria.rows.Pack;
import dev.noria.rows.Unpack;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.EndedJob;
import dev.noria.storage.Exchange;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Registers.Register;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last reply of each client, kept in the unit of the call, to be given again (S0.4). */
final class Replies {
  /** How long the reply of a silent client is kept. */
  static final long KEPT_MILLIS = 86_400_000;

  private static final int ENQUEUE = 1;
  private static final int EXCHANGE = 2;
  private static final int ADVANCE = 3;

  private Replies() {}

  /** A reply without anything remarkable, as the fast way leaves it. */
  private static final byte[] PLAIN = {0};

  private record Last(long sequence, Bytes reply) {
    static Last read(ResultSet row) throws SQLException {
      byte @Nullable [] reply = row.getBytes(2);
      return new Last(row.getLong(1), Bytes.owned(reply == null ? PLAIN : reply));
    }
  }

  /** The stored reply if this is a repetition; null if the call is new, and noted by that. */
  static @Nullable Unpack repeated(Tx tx, CallId call, long now) throws SQLException {
    if (tx.sql("call.note").with(call.client()).with(call.sequence()).with(now).isTrue()) {
      return null;
    }
    Last last = tx.sql("call.of").with(call.client()).first(Last::read).orElseThrow();
    if (call.sequence() < last.sequence()) {
      throw new StorageException(
          Kind.CONFLICT,
          "Call "
              + call.sequence()
              + " of a client came after its call "
              + last.sequence()
              + ". Expected growing sequences, or the last one to repeat it.");
    }
    // Whoever was woken by the first try was not told: its answer was lost.
    tx.news().add(new News.Doubt());
    return new Unpack(last.reply().toArray());
  }

  private static void put(Tx tx, CallId call, Pack reply) throws SQLException {
    tx.sql("call.reply").with(reply.toBytes()).with(call.client()).with(call.sequence()).run();
  }

  /** Whether there is more to read; a plain reply fits every kind of call. */
  private static boolean expect(Unpack in, int kind) {
    int found = in.octet();
    if (found != kind && found != 0) {
      throw new StorageException(
          Kind.CONFLICT,
          "A client repeated a sequence with another kind of call. Expected the very same call.");
    }
    return found != 0;
  }

  static void keep(Tx tx, CallId call, List<EnqueueReceipt> receipts) throws SQLException {
    if (!receipts.stream().allMatch(EnqueueReceipt::isEnqueued)) {
      put(tx, call, packReceipts(new Pack(8).octet(ENQUEUE), receipts));
    }
  }

  /** Only what is not plainly ENQUEUED is written. */
  private static Pack packReceipts(Pack out, List<EnqueueReceipt> receipts) {
    for (int i = 0; i < receipts.size(); i++) {
      EnqueueReceipt receipt = receipts.get(i);
      if (!receipt.isEnqueued()) {
        out.number(i + 1).octet(Codes.RECEIPTS.indexOf(receipt.status())).id(receipt.id());
        out.octet(receipt.state() == null ? 255 : Codes.of(receipt.state()));
        out.text(receipt.reason() == null ? "" : receipt.reason());
      }
    }
    return out.number(0);
  }

  static List<EnqueueReceipt> receipts(Unpack in, List<NewJob> jobs) {
    if (!expect(in, ENQUEUE)) {
      return jobs.stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList();
    }
    return unpackReceipts(in, jobs);
  }

  private static List<EnqueueReceipt> unpackReceipts(Unpack in, List<NewJob> jobs) {
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      receipts.add(EnqueueReceipt.enqueued(job.id()));
    }
    for (int index = in.count(); index > 0; index = in.count()) {
      EnqueueReceipt.Status status = Codes.RECEIPTS.get(in.octet());
      JobId id = in.id();
      int state = in.octet();
      String reason = in.text();
      receipts.set(
          index - 1,
          new EnqueueReceipt(
              status,
              id,
              state == 255 ? null : Codes.state(state),
              status == EnqueueReceipt.Status.REJECTED ? reason : null));
    }
    return receipts;
  }

  static void keep(Tx tx, CallId call, Exchange exchange) throws SQLException {
    Pack out = new Pack(16).octet(EXCHANGE);
    for (int i = 0; i < exchange.receipts().size(); i++) {
      if (!exchange.receipts().get(i).isApplied()) {
        out.number(i + 1);
      }
    }
    Instant nextDue = exchange.nextDue();
    out.number(0).number(nextDue == null ? 0 : nextDue.toEpochMilli() + 1);
    out.number(exchange.ended().size());
    for (EndedJob ended : exchange.ended()) {
      out.id(ended.id()).text(ended.queue()).text(ended.type());
      out.octet(Codes.of(ended.state())).text(ended.reason());
    }
    out.number(exchange.pausedQueues().size());
    exchange.pausedQueues().forEach(out::text);
    put(tx, call, out);
  }

  /** The reply again; leased jobs that are still leased with it are read anew. */
  static Exchange exchange(Tx tx, Unpack in, List<Ack> acks, Fast.Ask ask) throws SQLException {
    List<EndedJob> ended = new ArrayList<>();
    List<LeasedJob> jobs = leased(tx, ask, ended);
    List<AckReceipt> receipts = new ArrayList<>();
    for (Ack ack : acks) {
      receipts.add(AckReceipt.applied(ack.lease().id()));
    }
    if (!expect(in, EXCHANGE)) {
      return new Exchange(receipts, jobs, null, ended, Set.of(), null);
    }
    for (int index = in.count(); index > 0; index = in.count()) {
      receipts.set(index - 1, AckReceipt.stale(acks.get(index - 1).lease().id()));
    }
    long nextDue = in.number();
    for (int left = in.count(); left > 0; left--) {
      ended.add(new EndedJob(in.id(), in.text(), in.text(), Codes.state(in.octet()), in.text()));
    }
    Set<String> paused = new HashSet<>();
    for (int left = in.count(); left > 0; left--) {
      paused.add(in.text());
    }
    Instant due = nextDue == 0 ? null : Instant.ofEpochMilli(nextDue - 1);
    return new Exchange(receipts, jobs, due, ended, paused, null);
  }

  /** Jobs that can not be read end here, as they should have in the first try. */
  private static List<LeasedJob> leased(Tx tx, Fast.Ask ask, List<EndedJob> ended)
      throws SQLException {
    DequeueRequest request = ask.request();
    List<Integer> queues = new ArrayList<>();
    for (DequeueRequest.Demand demand : request.demands()) {
      Integer id = tx.names().ifThere(tx.session(), demand.queue());
      if (id != null) {
        queues.add(id);
      }
    }
    List<JobRow> rows =
        new ArrayList<>(
            tx.sql("job.leased")
                .array("int4", queues.toArray())
                .with(request.nonce())
                .with(mark(ask.call()))
                .all(JobRow::read));
    rows.sort(
        Comparator.<JobRow>comparingInt(row -> queues.indexOf(row.queue))
            .thenComparingInt(row -> row.rank)
            .thenComparingLong(row -> row.place));
    List<LeasedJob> jobs = new ArrayList<>();
    List<JobId> damaged = new ArrayList<>();
    for (JobRow row : rows) {
      try {
        jobs.add(Views.leased(row, row.intact(tx.names().name(tx.session(), row.queue))));
      } catch (RuntimeException e) {
        damaged.add(row.id);
      }
    }
    ended.addAll(Ending.damaged(tx, damaged, ask.now(), request.nonce()));
    return jobs;
  }

  /** An advance: {@code register} is null when it was refused. */
  static void keep(Tx tx, CallId call, @Nullable Register register, List<EnqueueReceipt> receipts)
      throws SQLException {
    Pack out = new Pack(32).octet(ADVANCE).number(register == null ? 0 : register.version());
    put(tx, call, packReceipts(out, receipts));
  }

  /** By which the jobs that a call leased are found again. */
  static long mark(CallId call) {
    long mixed = (call.client() + 0x9E3779B97F4A7C15L * call.sequence()) * 0xBF58476D1CE4E5B9L;
    return mixed ^ (mixed >>> 31);
  }

  /** The version that a repeated advance reached; 0: it was refused. */
  static long version(Unpack in) {
    expect(in, ADVANCE);
    return in.number();
  }

  static List<EnqueueReceipt> advanced(Unpack in, List<NewJob> jobs) {
    return unpackReceipts(in, jobs);
  }
}
