package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.storage.Signals.Listener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who sleeps and who listens. Sleepers are noted in the same unit as their look, because commits
 * reach the board one after the other and in their order.
 */
final class Board {
  /** How many signals for other processes are kept. */
  static final long KEPT = 10_000;

  private final Logger log = LoggerFactory.getLogger(SqliteStorage.class);
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, News.Asleep> sleepers = new HashMap<>();
  private final Map<JobId, Integer> waiters = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService courier =
      Executors.newSingleThreadExecutor(
          action -> {
            Thread thread = new Thread(action, "noria-sqlite-signals");
            thread.setDaemon(true);
            return thread;
          });

  /** Tells what a transaction did, in order. */
  void committed(News news) {
    for (News.Step step : news.steps) {
      happened(step);
    }
  }

  void happened(News.Step step) {
    if (step instanceof News.Work work) {
      work(work);
    } else if (step instanceof News.Awake awake) {
      wake(awake);
    } else if (step instanceof News.Asleep asleep) {
      sleep(asleep);
    } else if (step instanceof News.Finished finished) {
      finished(finished);
    } else if (step instanceof News.Cancel cancel) {
      tell(listener -> listener.cancelRequested(cancel.id()));
    }
  }

  private void finished(News.Finished finished) {
    if (finished.awaited() || waiters.containsKey(finished.id())) {
      tell(listener -> listener.jobFinished(finished.id(), finished.state()));
    }
  }

  /** Somebody waits for the end of a job. */
  void await(JobId id) {
    waiters.merge(id, 1, Integer::sum);
  }

  /** Somebody does not wait any more. */
  void leave(JobId id) {
    waiters.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
  }

  private void sleep(News.Asleep asleep) {
    lock.lock();
    try {
      sleepers.put(asleep.nonce(), asleep);
    } finally {
      lock.unlock();
    }
  }

  private void wake(News.Awake awake) {
    lock.lock();
    try {
      sleepers.computeIfPresent(awake.nonce(), (nonce, asleep) -> asleep.without(awake.queues()));
    } finally {
      lock.unlock();
    }
  }

  private void work(News.Work work) {
    boolean now = work.due() == Long.MIN_VALUE;
    boolean heard = false;
    lock.lock();
    try {
      Iterator<News.Asleep> all = sleepers.values().iterator();
      List<News.Asleep> earlier = new ArrayList<>();
      while (all.hasNext()) {
        News.Asleep asleep = all.next();
        if (asleep.queues().contains(work.queue()) && asleep.nextDue() > work.due()) {
          heard = true;
          all.remove();
          if (!now) {
            earlier.add(new News.Asleep(asleep.nonce(), asleep.queues(), work.due()));
          }
        }
      }
      earlier.forEach(asleep -> sleepers.put(asleep.nonce(), asleep));
    } finally {
      lock.unlock();
    }
    if (heard) {
      Instant due = now ? null : Instant.ofEpochMilli(work.due());
      tell(listener -> listener.workReady(work.queue(), due));
    }
  }

  /** The queues on which somebody sleeps. */
  Set<String> awaitedQueues() {
    lock.lock();
    try {
      Set<String> queues = new HashSet<>();
      sleepers.values().forEach(asleep -> queues.addAll(asleep.queues()));
      return queues;
    } finally {
      lock.unlock();
    }
  }

  boolean isHeard() {
    return !listeners.isEmpty();
  }

  void add(Listener listener) {
    listeners.add(listener);
  }

  void remove(Listener listener) {
    listeners.remove(listener);
  }

  private void tell(Consumer<Listener> message) {
    if (listeners.isEmpty()) {
      return;
    }
    try {
      courier.execute(() -> listeners.forEach(listener -> tell(listener, message)));
    } catch (RejectedExecutionException e) {
      log.debug("A signal came after close", e);
    }
  }

  private void tell(Listener listener, Consumer<Listener> message) {
    try {
      message.accept(listener);
    } catch (RuntimeException e) {
      log.warn("A signal listener threw", e);
    }
  }

  void close() {
    listeners.clear();
    courier.shutdown();
  }
}
