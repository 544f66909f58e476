package dev.noria.metering;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.middleware.AckChain;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** Counts enqueues, measures attempts, and sees acks that came too late. */
final class MeteringMiddleware implements Middleware {
  private static final double NANOS = 1e9;

  private final AllSeries series;
  private final TimeSource time;
  private final LongConsumer lost;

  MeteringMiddleware(Meters meters, TimeSource time) {
    this.series = new AllSeries(meters);
    this.time = time;
    this.lost = meters.counter(Instrument.LEASES_LOST, Map.of());
  }

  @Override
  public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
    List<EnqueueReceipt> receipts = chain.proceed();
    List<NewJob> jobs = chain.jobs();
    for (int i = 0; i < jobs.size(); i++) {
      NewJob job = jobs.get(i);
      series.of(job.queue(), job.type()).enqueued(receipts.get(i).status()).accept(1);
    }
    return receipts;
  }

  @Override
  public Outcome process(ProcessChain chain) {
    LeasedJob job = chain.job();
    Series measured = series.of(job.queue(), job.type());
    if (job.lease().epoch() == 1) {
      Duration waited = Duration.between(job.runAt(), time.now());
      measured.waited().accept(Math.max(0, waited.toNanos()) / NANOS);
    }
    long start = time.nanos();
    Outcome outcome = chain.proceed();
    Outcome.Kind kind = kind(outcome);
    measured.run(kind).accept((time.nanos() - start) / NANOS);
    switch (kind) {
      case COMPLETED, DEAD -> measured.attempts(kind).accept(job.attempt());
      case LOST -> lost.accept(1);
      default -> {
        // The job goes on, or its end is not known here.
      }
    }
    return outcome;
  }

  /** What nobody has recovered is dead: the kernel's next step. */
  private static Outcome.Kind kind(Outcome outcome) {
    return outcome.kind() == Outcome.Kind.FAILED ? Outcome.Kind.DEAD : outcome.kind();
  }

  @Override
  public List<AckReceipt> ack(AckChain chain) {
    List<AckReceipt> receipts = chain.proceed();
    for (AckReceipt receipt : receipts) {
      if (!receipt.isApplied()) {
        lost.accept(1);
      }
    }
    return receipts;
  }
}
