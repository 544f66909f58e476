package dev.noria.chain;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import dev.noria.middleware.AckChain;
import dev.noria.middleware.DequeueChain;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.LeasedJob;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a middleware class until its instance is made: chains are compiled before the
 * services exist that its constructor wants, since some of them enqueue through the chains.
 */
public final class Deferred implements Middleware {
  private final Class<? extends Middleware> type;
  private volatile @Nullable Middleware instance;

  /** Stands in for an instance of {@code type}. */
  public Deferred(Class<? extends Middleware> type) {
    this.type = type;
  }

  /** The class that it stands in for. */
  public Class<? extends Middleware> type() {
    return type;
  }

  /** Hands over to the instance. */
  public void resolve(Middleware made) {
    instance = type.cast(made);
  }

  @Override
  public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
    return instance().enqueue(chain);
  }

  @Override
  public List<LeasedJob> dequeue(DequeueChain chain) {
    return instance().dequeue(chain);
  }

  @Override
  public Outcome process(ProcessChain chain) {
    return instance().process(chain);
  }

  @Override
  public List<AckReceipt> ack(AckChain chain) {
    return instance().ack(chain);
  }

  private Middleware instance() {
    Middleware made = instance;
    if (made == null) {
      throw new IllegalStateException(
          type.getName() + " was called before the queue was wired. Expected Services.open first.");
    }
    return made;
  }
}
