package dev.noria.storage.sqlite;

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
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
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

  /** The stored reply if this is a repetition; null if the call is new. */
  static @Nullable Unpack repeated(Tx tx, CallId call) throws SQLException {
    long last = tx.mirror().sequence(call.client());
    if (call.sequence() > last) {
      return null;
    }
    if (call.sequence() < last) {
      throw new StorageException(
          Kind.CONFLICT,
          "Call "
              + call.sequence()
              + " of a client came after its call "
              + last
              + ". Expected growing sequences, or the last one to repeat it.");
    }
    return tx.sql("call.of")
        .with(call.client())
        .first(row -> new Unpack(row.getBytes(2)))
        .orElse(null);
  }

  private static void put(Tx tx, CallId call, Pack reply, long now) throws SQLException {
    tx.sql("call.put")
        .with(call.client())
        .with(call.sequence())
        .with(now)
        .with(reply.toBytes())
        .run();
    tx.mirror().sequence(call.client(), call.sequence());
  }

  private static void expect(Unpack in, int kind) {
    if (in.octet() != kind) {
      throw new StorageException(
          Kind.CONFLICT,
          "A client repeated a sequence with another kind of call. Expected the very same call.");
    }
  }

  static void keep(Tx tx, CallId call, List<EnqueueReceipt> receipts, long now)
      throws SQLException {
    put(tx, call, packReceipts(new Pack(8).octet(ENQUEUE), receipts), now);
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
    expect(in, ENQUEUE);
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

  static void keep(Tx tx, CallId call, Exchange exchange, long now) throws SQLException {
    Pack out = new Pack(16 + exchange.jobs().size() * 26).octet(EXCHANGE);
    for (int i = 0; i < exchange.receipts().size(); i++) {
      if (!exchange.receipts().get(i).isApplied()) {
        out.number(i + 1);
      }
    }
    out.number(0).number(exchange.jobs().size());
    for (LeasedJob job : exchange.jobs()) {
      out.raw(job.lease().locator()).number(job.lease().epoch());
    }
    Instant nextDue = exchange.nextDue();
    out.number(nextDue == null ? 0 : nextDue.toEpochMilli() + 1);
    out.number(exchange.ended().size());
    for (EndedJob ended : exchange.ended()) {
      out.id(ended.id()).text(ended.queue()).text(ended.type());
      out.octet(Codes.of(ended.state())).text(ended.reason());
    }
    out.number(exchange.pausedQueues().size());
    exchange.pausedQueues().forEach(out::text);
    put(tx, call, out, now);
  }

  /** The reply again; leased jobs that are still leased with it are read anew. */
  static Exchange exchange(Tx tx, Unpack in, List<Ack> acks, DequeueRequest request)
      throws SQLException {
    expect(in, EXCHANGE);
    List<AckReceipt> receipts = new ArrayList<>();
    for (Ack ack : acks) {
      receipts.add(AckReceipt.applied(ack.lease().id()));
    }
    for (int index = in.count(); index > 0; index = in.count()) {
      receipts.set(index - 1, AckReceipt.stale(acks.get(index - 1).lease().id()));
    }
    List<LeasedJob> jobs = new ArrayList<>();
    for (int left = in.count(); left > 0; left--) {
      long seq = ((long) in.word() << 32) | (in.word() & 0xffff_ffffL);
      long epoch = in.number();
      JobRow row = Jobs.bySeq(tx.session(), seq);
      if (row != null && row.expires >= 0 && row.epoch == epoch && row.nonce == request.nonce()) {
        jobs.add(Views.leased(row, tx.mirror().queue(row.queue)));
      }
    }
    long nextDue = in.number();
    List<EndedJob> ended = new ArrayList<>();
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

  /** An advance: {@code register} is null when it was refused. */
  static void keep(
      Tx tx, CallId call, @Nullable Register register, List<EnqueueReceipt> receipts, long now)
      throws SQLException {
    Pack out = new Pack(32).octet(ADVANCE).number(register == null ? 0 : register.version());
    put(tx, call, packReceipts(out, receipts), now);
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
