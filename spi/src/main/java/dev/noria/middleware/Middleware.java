package dev.noria.middleware;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.LeasedJob;
import java.util.List;

/**
 * Wraps what the queue does to jobs. Override the points you need; the chain of a point holds only
 * the middleware that overrides it. Code before {@code proceed} runs outermost-first, code after it
 * innermost-first. {@code proceed} may be called at most once at every point. Must be thread-safe.
 */
public interface Middleware {

  /**
   * M1. Around one enqueue call, on the caller's thread, before the jobs are gathered into batches.
   *
   * @return one receipt for each of {@code chain.jobs()}, in order
   */
  default List<EnqueueReceipt> enqueue(EnqueueChain chain) {
    return chain.proceed();
  }

  /**
   * M2. Around one dequeue; inside of {@link #ack}. A middleware that does not proceed stops the
   * dequeue; the acks are sent all the same. A leased job that is left out of the answer is
   * released.
   *
   * @return the jobs to run
   */
  default List<LeasedJob> dequeue(DequeueChain chain) {
    return chain.proceed();
  }

  /**
   * M3. Around one attempt of one job: encloses its handler. A middleware that does not proceed
   * really prevents the run. Every link turns what is thrown inside into {@link Outcome.Failed}; an
   * exception thrown before {@code proceed} is Failed too, one thrown after it is logged and the
   * outcome stands.
   *
   * @return how the attempt ended
   */
  default Outcome process(ProcessChain chain) {
    return chain.proceed();
  }

  /**
   * M4. Around the acks of one exchange; its innermost link runs the dequeue chain. Acks may be
   * changed, but it must proceed once: if it throws or does not proceed, the kernel sends the
   * original acks and logs the plugin.
   *
   * @return one receipt for each of {@code chain.acks()}, in order
   */
  default List<AckReceipt> ack(AckChain chain) {
    return chain.proceed();
  }
}
