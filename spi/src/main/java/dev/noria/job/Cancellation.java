package dev.noria.job;

import java.util.Optional;

/**
 * How a handler learns that it should stop: somebody cancelled the job, its timeout passed, its
 * lease is not safe any more, or the worker stops. Its thread is interrupted as well.
 *
 * <p>Implemented by the kernel only; methods may be added. Thread-safe.
 */
public interface Cancellation {

  /** Whether the handler should stop. Never goes back to false. */
  boolean isRequested();

  /** Why, in words, once it is requested. */
  Optional<String> reason();

  /** Runs {@code action} once when it is requested; at once when it has been. Keep it short. */
  void onRequest(Runnable action);

  /**
   * Does nothing until it is requested.
   *
   * @throws JobCancelledException when it has been
   */
  void throwIfRequested();
}
