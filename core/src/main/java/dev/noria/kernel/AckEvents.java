package dev.noria.kernel;

import dev.noria.job.NewJob;
import dev.noria.plugin.JobEvent;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.LeasedJob;
import java.time.Duration;

/** Tells the log and listeners what acks came to. */
record AckEvents(Listeners listeners, KernelClock clock) {

  /** The ack {@code sent} for {@code done} was answered. */
  void tell(Done done, Ack sent, AckReceipt receipt) {
    if (!receipt.isApplied()) {
      tellLost(done.job());
      return;
    }
    OutcomeLog.STANDARD.acked(done, sent);
    if (listeners.want(JobEvent.Ended.class)) {
      tellEnded(done);
    }
    if (listeners.want(JobEvent.Enqueued.class)) {
      for (NewJob next : sent.followUps()) {
        listeners.tell(
            new JobEvent.Enqueued(clock.now(), next.id(), next.queue(), next.type()));
      }
    }
  }

  private void tellLost(LeasedJob job) {
    if (listeners.want(JobEvent.LeaseLost.class)) {
      listeners.tell(new JobEvent.LeaseLost(clock.now(), job.id(), job.type()));
    }
  }

  private void tellEnded(Done done) {
    LeasedJob job = done.job();
    Duration ran = Duration.ofNanos(done.ranNanos());
    listeners.tell(
        new JobEvent.Ended(
            clock.now(), job.id(), job.queue(), job.type(), job.attempt(), done.outcome(), ran));
  }
}
