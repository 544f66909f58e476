package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.storage.Signals.Listener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who listens to this storage, and what they are told. Who sleeps is known to the database. */
final class Board {
  private final Logger log = LoggerFactory.getLogger(PostgresStorage.class);
  private final Server server;
  private final Map<JobId, Integer> waiters = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile Runnable doubt = () -> {};
  private final ExecutorService courier =
      Executors.newSingleThreadExecutor(
          action -> {
            Thread thread = new Thread(action, "noria-postgres-signals");
            thread.setDaemon(true);
            return thread;
          });

  Board(Server server) {
    this.server = server;
  }

  /** Tells what a transaction did. */
  void committed(News news) {
    news.steps().forEach(this::happened);
  }

  void happened(News.Step step) {
    if (listeners.isEmpty()) {
      return;
    }
    if (step instanceof News.Work work) {
      post(() -> work(work));
    } else if (step instanceof News.Finished finished) {
      if (finished.awaited() || waiters.containsKey(finished.id())) {
        post(() -> tell(listener -> listener.jobFinished(finished.id(), finished.state())));
      }
    } else if (step instanceof News.Cancel cancel) {
      post(() -> tell(listener -> listener.cancelRequested(cancel.id())));
    } else if (step instanceof News.Doubt) {
      doubt.run();
    }
  }

  /** What to do when a transaction may have told something that nobody heard. */
  void onDoubt(Runnable action) {
    doubt = action;
  }

  /** Whoever sleeps on a queue is to look for itself. */
  void wake(String queue) {
    post(() -> tell(listener -> listener.workReady(queue, null)));
  }

  private void work(News.Work work) {
    String queue = server.names().name(work.queue());
    Instant due = work.due() < 0 ? null : Instant.ofEpochMilli(work.due());
    tell(listener -> listener.workReady(queue, due));
  }

  /** Somebody waits for the end of a job. */
  void await(JobId id) {
    waiters.merge(id, 1, Integer::sum);
  }

  /** Somebody does not wait any more. */
  void leave(JobId id) {
    waiters.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
  }

  void add(Listener listener) {
    listeners.add(listener);
  }

  void remove(Listener listener) {
    listeners.remove(listener);
  }

  private void post(Runnable action) {
    try {
      courier.execute(
          () -> {
            try {
              action.run();
            } catch (RuntimeException e) {
              log.debug("A signal could not be told", e);
            }
          });
    } catch (RejectedExecutionException e) {
      log.debug("A signal came after close", e);
    }
  }

  private void tell(Consumer<Listener> message) {
    for (Listener listener : listeners) {
      try {
        message.accept(listener);
      } catch (RuntimeException e) {
        log.warn("A signal listener threw", e);
      }
    }
  }

  void close() {
    listeners.clear();
    courier.shutdown();
  }
}
