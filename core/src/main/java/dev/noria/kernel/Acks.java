package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.storage.Ack;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The acks that wait for the next exchange. Thread-safe; drained by the exchange loop only. */
final class Acks {
  private static final Logger LOG = LoggerFactory.getLogger(Acks.class);

  private final Payloads payloads;
  private final ConcurrentLinkedQueue<Done> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private volatile Runnable wake = () -> {};

  Acks(Payloads payloads) {
    this.payloads = payloads;
  }

  void onAck(Runnable action) {
    wake = action;
  }

  /** A slot is free without an ack to send: the exchange may ask for more. */
  void slotFreed() {
    wake.run();
  }

  int size() {
    return size.get();
  }

  /** The attempt ended with {@code outcome}; false when that needs no ack. */
  boolean ended(HeldJob held, Outcome outcome, List<NewJob> followUps, long ranNanos) {
    Ack ack = ack(held.job, outcome, followUps);
    if (ack == null) {
      held.done();
      wake.run();
      return false;
    }
    // Counted before the hold ends: a worker that stops must at no moment look as if it were done.
    size.incrementAndGet();
    held.done();
    push(new Done(held.job, ack, outcome.kind(), ranNanos));
    return true;
  }

  /** The job goes back unstarted, with its place. */
  void giveBack(HeldJob held) {
    if (held.giveBack()) {
      giveBack(held.job);
    }
  }

  void giveBack(LeasedJob job) {
    giveBack(job, null, null);
  }

  /** The job goes back unstarted and is due again at {@code at}. */
  void giveBack(LeasedJob job, @Nullable Instant at, @Nullable String reason) {
    add(new Done(job, new Ack.Released(job.lease(), at, reason), Outcome.Kind.RELEASED, 0));
  }

  /** Sends an ack that could not be sent now. */
  void add(Done done) {
    size.incrementAndGet();
    push(done);
  }

  private void push(Done done) {
    waiting.add(done);
    wake.run();
  }

  /** The oldest ones that fit into one call; at least one, if there is any. */
  List<Done> drain(int most, long mostBytes) {
    int count = Math.min(most, size.get());
    List<Done> drained = new ArrayList<>(count);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      Done done = waiting.peek();
      if (done == null) {
        break;
      }
      bytes += bytes(done.ack());
      if (bytes > mostBytes && !drained.isEmpty()) {
        break;
      }
      waiting.remove();
      drained.add(done);
    }
    size.addAndGet(-drained.size());
    return drained;
  }

  /** What a storage writes for it, roughly. */
  private static long bytes(Ack ack) {
    long bytes =
        switch (ack.kind()) {
          case COMPLETED -> size(((Ack.Completed) ack).result());
          case RETRY -> size(((Ack.Retry) ack).error());
          case DEAD -> size(((Ack.Dead) ack).error());
          case RELEASED, CANCELLED -> 0;
        };
    for (NewJob next : ack.followUps()) {
      bytes += next.payload().size();
    }
    return bytes;
  }

  private static int size(@Nullable Bytes result) {
    return result == null ? 0 : result.size();
  }

  private static int size(ErrorInfo error) {
    return error.message().length() + error.stack().length();
  }

  private @Nullable Ack ack(LeasedJob job, Outcome outcome, List<NewJob> followUps) {
    Lease lease = job.lease();
    return switch (outcome.kind()) {
      case COMPLETED ->
          new Ack.Completed(lease, ((Outcome.Completed) outcome).result(), null, followUps);
      case FAILED ->
          new Ack.Dead(lease, staged(job, ErrorInfo.of(((Outcome.Failed) outcome).error())));
      case RETRY -> {
        Outcome.Retry retry = (Outcome.Retry) outcome;
        yield new Ack.Retry(lease, retry.at(), staged(job, retry.error()));
      }
      case DEAD -> new Ack.Dead(lease, staged(job, ((Outcome.Dead) outcome).error()), followUps);
      case RELEASED -> {
        Outcome.Released released = (Outcome.Released) outcome;
        yield new Ack.Released(lease, released.at(), released.reason());
      }
      case CANCELLED -> new Ack.Cancelled(lease, ((Outcome.Cancelled) outcome).reason(), followUps);
      case ACKED, LOST -> null;
    };
  }

  /** A stage that fails costs the words of the error, not the verdict. */
  private ErrorInfo staged(LeasedJob job, ErrorInfo error) {
    try {
      return payloads.write(error, job.id(), job.queue(), job.type());
    } catch (Throwable e) {
      LOG.error("A payload stage failed on the error text of job {}; it is lost.", job.id(), e);
      return new ErrorInfo(error.type(), error.fingerprint(), "(lost in a payload stage)", "");
    }
  }
}
