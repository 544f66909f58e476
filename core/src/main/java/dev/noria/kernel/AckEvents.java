package dev.noria.kernel;

import dev.noria.job.NewJob;
import dev.noria.plugin.JobEvent;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.time.Instant;

/** Tells the log and listeners what acks came to. */
record AckEvents(Listeners listeners, KernelClock clock) {

  /** The ack {@code sent} for {@code done} was answered. */
  void tell(Done done, Ack sent, AckReceipt receipt) {
    if (receipt.isApplied()) {
      OutcomeLog.STANDARD.acked(done, sent);
    }
    if (listeners.isEmpty()) {
      return;
    }
    Instant now = clock.now();
    LeasedJob job = done.job();
    if (!receipt.isApplied()) {
      listeners.tell(new JobEvent.LeaseLost(now, job.id(), job.type()));
      return;
    }
    Duration ran = Duration.ofNanos(done.ranNanos());
    listeners.tell(
        new JobEvent.Ended(
            now, job.id(), job.queue(), job.type(), job.attempt(), done.outcome(), ran));
    for (NewJob next : sent.followUps()) {
      listeners.tell(new JobEvent.Enqueued(now, next.id(), next.queue(), next.type()));
    }
  }
}
