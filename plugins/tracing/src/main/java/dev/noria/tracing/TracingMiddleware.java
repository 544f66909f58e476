package dev.noria.tracing;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import dev.noria.middleware.AckChain;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.storage.AckReceipt;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The three points that have spans. A dequeue has none: the conventions want no span for messages
 * that are fetched ahead. Nothing that goes wrong in OpenTelemetry gets out of here.
 */
final class TracingMiddleware implements Middleware {
  private final Sends sends;
  private final Attempts attempts;
  private final Settles settles;
  private final Troubles troubles;

  TracingMiddleware(Sends sends, Attempts attempts, Settles settles, Troubles troubles) {
    this.sends = sends;
    this.attempts = attempts;
    this.settles = settles;
    this.troubles = troubles;
  }

  @Override
  public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
    Sends.Send send = begun("an enqueue", () -> sends.begin(chain.jobs()));
    if (send == null) {
      return chain.proceed();
    }
    List<EnqueueReceipt> receipts;
    try {
      receipts = chain.proceed(send.jobs());
    } catch (Throwable e) {
      ended("an enqueue", () -> send.failed(e));
      throw e;
    }
    ended("an enqueue", () -> send.done(chain, receipts));
    return receipts;
  }

  @Override
  public Outcome process(ProcessChain chain) {
    Attempts.Attempt attempt = begun("an attempt", () -> attempts.begin(chain));
    if (attempt == null) {
      return chain.proceed();
    }
    Outcome outcome = chain.proceed();
    ended("an attempt", () -> attempt.done(chain, outcome));
    return outcome;
  }

  @Override
  public List<AckReceipt> ack(AckChain chain) {
    Settles.Settle settle = begun("acks", () -> settles.begin(chain.acks()));
    if (settle == null) {
      return chain.proceed();
    }
    List<AckReceipt> receipts;
    try {
      receipts = chain.proceed();
    } catch (Throwable e) {
      ended("acks", () -> settle.failed(e));
      throw e;
    }
    ended("acks", () -> settle.done(receipts));
    return receipts;
  }

  private <T> @Nullable T begun(String what, Supplier<@Nullable T> begin) {
    try {
      return begin.get();
    } catch (Throwable e) {
      troubles.tell("start the span of", what, e);
      return null;
    }
  }

  private void ended(String what, Runnable end) {
    try {
      end.run();
    } catch (Throwable e) {
      troubles.tell("end the span of", what, e);
    }
  }
}
