package dev.noria.kernel;

import dev.noria.job.Cancellation;
import dev.noria.job.JobCancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kernel's cancellation: requested once, with a reason. Thread-safe. */
final class CancelToken implements Cancellation {
  private static final Logger LOG = LoggerFactory.getLogger(CancelToken.class);

  private final Object lock = new Object();
  private final List<Runnable> actions = new ArrayList<>();
  private volatile @Nullable String reason;

  void request(String why) {
    List<Runnable> due;
    synchronized (lock) {
      if (reason != null) {
        return;
      }
      reason = why;
      due = List.copyOf(actions);
      actions.clear();
    }
    if (!due.isEmpty()) {
      // What they do is the user's; whoever asks may be the heartbeat of all other jobs.
      Thread thread = new Thread(() -> due.forEach(CancelToken::run), "noria-cancel");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      LOG.warn("An action on cancellation threw; the handler is told all the same.", e);
    }
  }

  @Override
  public boolean isRequested() {
    return reason != null;
  }

  @Override
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  @Override
  public void onRequest(Runnable action) {
    synchronized (lock) {
      if (reason == null) {
        actions.add(action);
        return;
      }
    }
    run(action);
  }

  @Override
  public void throwIfRequested() {
    String why = reason;
    if (why != null) {
      throw new JobCancelledException(why);
    }
  }
}
