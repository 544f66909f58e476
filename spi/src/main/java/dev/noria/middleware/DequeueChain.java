package dev.noria.middleware;

import dev.noria.storage.DequeueRequest;
import dev.noria.storage.LeasedJob;
import java.util.List;

/**
 * The rest of a dequeue. Implemented by the kernel only; methods may be added. For the calling
 * thread only.
 */
public interface DequeueChain {

  /** What is asked for. */
  DequeueRequest request();

  /** Goes on. */
  List<LeasedJob> proceed();

  /** Goes on with a changed request. */
  List<LeasedJob> proceed(DequeueRequest changed);
}
