package dev.noria.plugin;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import dev.noria.middleware.AckChain;
import dev.noria.middleware.DequeueChain;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Placement;
import dev.noria.middleware.ProcessChain;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes what a plugin declares. Nothing happens before all plugins are installed; then all
 * requirements are checked together. Implemented by the kernel only; methods may be added. For the
 * installing thread only.
 */
public interface Installer {

  /** The plugin's own settings: {@code noria.plugins.<id>.…}. */
  Settings settings();

  /** The time by which the queue lives. */
  TimeSource time();

  /** Adds a whole middleware. */
  void middleware(Placement placement, Middleware middleware);

  /** Adds one link around enqueue. */
  default void aroundEnqueue(
      Placement placement, Function<EnqueueChain, List<EnqueueReceipt>> link) {
    middleware(
        placement,
        new Middleware() {
          @Override
          public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
            return link.apply(chain);
          }
        });
  }

  /** Adds one link around dequeue. */
  default void aroundDequeue(Placement placement, Function<DequeueChain, List<LeasedJob>> link) {
    middleware(
        placement,
        new Middleware() {
          @Override
          public List<LeasedJob> dequeue(DequeueChain chain) {
            return link.apply(chain);
          }
        });
  }

  /** Adds one link around process. */
  default void aroundProcess(Placement placement, Function<ProcessChain, Outcome> link) {
    middleware(
        placement,
        new Middleware() {
          @Override
          public Outcome process(ProcessChain chain) {
            return link.apply(chain);
          }
        });
  }

  /** Adds one link around ack. */
  default void aroundAck(Placement placement, Function<AckChain, List<AckReceipt>> link) {
    middleware(
        placement,
        new Middleware() {
          @Override
          public List<AckReceipt> ack(AckChain chain) {
            return link.apply(chain);
          }
        });
  }

  /** Adds a middleware class; the kernel makes it by constructor injection. */
  void middleware(Placement placement, Class<? extends Middleware> type);

  /** Adds an observer. */
  void listen(JobListener listener);

  /** Adds an observer of the storage's calls. */
  void observe(StorageObserver observer);

  /** Adds a stage between codec and storage. */
  void payloadStage(PayloadStage stage);

  /** Names the storage; {@code open} runs when the queue first does I/O. One per queue. */
  void storage(Supplier<? extends JobStorage> open);

  /** Adds a loop that the kernel drives, by a thread or by virtual time. */
  void loop(String name, DutyCycle duty);

  /**
   * Runs {@code action} when the worker starts, in the order of installation; never in a process
   * that only enqueues.
   */
  void onStart(Runnable action);

  /**
   * Runs {@code action} when a worker that was started stops, by {@code stop()} or {@code close()},
   * in reverse order of installation.
   */
  void onStop(Runnable action);

  /** Offers a service to other plugins and to {@code queue.get(type)}. */
  <T> void provide(Class<T> type, T service);

  /**
   * Needs a service that another plugin or the kernel provides: {@link Jobs}, {@link Vitals}, a
   * storage's {@link dev.noria.storage.Capability}, {@link Codec}. Read the supplier after
   * installation, not during. If nobody provides it, the queue does not start and says so.
   */
  <T> Supplier<T> require(Class<T> type);

  /** As {@link #require}, but absence is fine. */
  <T> Supplier<Optional<T>> find(Class<T> type);
}
