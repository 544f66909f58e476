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
  private volatile @Nullable Long deafNanos;
  private volatile boolean closed;

  /** Calls {@code onHearing} when it hears: a signal before would have been missed. */
  Listening(Signals signals, Signals.Listener listener, Runnable onHearing, KernelClock clock) {
    this.signals = signals;
    this.listener = listener;
    this.onHearing = onHearing;
    this.deafNanos = clock.nanos();
  }

  /** For how long it has not heard, as far as anybody has looked; zero while it does. */
  long deafForNanos(long nanos) {
    Signals.Registration open = registration.get();
    if (closed || (open != null && open.hears())) {
      deafNanos = null;
      return 0;
    }
    Long since = deafNanos;
    if (since == null) {
      deafNanos = nanos;
      return 0;
    }
    return nanos - since;
  }

  /** Whether it hears. */
  boolean hears() {
    return registration.get() != null;
  }

  /** Tries to hear; says when to come back. */
  long listen() {
    if (closed || hears()) {
      return DONE_MILLIS;
    }
    try {
      Signals.Registration opened = signals.listen(listener);
      if (!registration.compareAndSet(null, opened)) {
        opened.close(); // another thread, which was not as slow, hears already
      }
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
