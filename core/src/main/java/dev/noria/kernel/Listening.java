package dev.noria.kernel;

import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears a storage from the first moment that it answers: signals are hints, so a worker starts
 * without them. Thread-safe.
 */
final class Listening {
  private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
  private static final long AGAIN_MILLIS = 1_000;
  private static final long DONE_MILLIS = TimeUnit.DAYS.toMillis(1);

  private final Signals signals;
  private final Signals.Listener listener;
  private final Runnable onHearing;
  private final AtomicReference<Signals.@Nullable Registration> registration =
      new AtomicReference<>();
  private volatile boolean closed;

  /** Calls {@code onHearing} when it hears: a signal before would have been missed. */
  Listening(Signals signals, Signals.Listener listener, Runnable onHearing) {
    this.signals = signals;
    this.listener = listener;
    this.onHearing = onHearing;
  }

  /** Whether it hears. */
  boolean hears() {
    return registration.get() != null;
  }

  /** Tries to hear; says when to come back. For one thread at a time. */
  long listen() {
    if (closed || hears()) {
      return DONE_MILLIS;
    }
    try {
      registration.set(signals.listen(listener));
    } catch (StorageException e) {
      if (!e.isTransient()) {
        throw e;
      }
      LOG.debug("The storage cannot be heard; the worker tries again.", e);
      return AGAIN_MILLIS;
    }
    if (closed) {
      close(); // it was closed meanwhile, and has not seen the registration
    }
    onHearing.run();
    return DONE_MILLIS;
  }

  void close() {
    closed = true;
    Signals.Registration open = registration.getAndSet(null);
    if (open != null) {
      open.close();
    }
  }
}
