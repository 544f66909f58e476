package dev.noria.middleware;

import dev.noria.job.JobContext;
import dev.noria.job.Outcome;
import dev.noria.storage.LeasedJob;
import java.util.Optional;

/**
 * The rest of an attempt. Implemented by the kernel only; methods may be added. For the calling
 * thread only.
 */
public interface ProcessChain {

  /** The job as the links outside of this one left it. */
  LeasedJob job();

  /** What the handler will get. */
  JobContext context();

  /** Makes {@code service} available to inner links and the handler by {@link JobContext#get}. */
  <T> void provide(Class<T> type, T service);

  /** Goes on; never throws: what is thrown inside comes back as {@link Outcome.Failed}. */
  Outcome proceed();

  /** Goes on with a changed job; the lease must be the same. */
  Outcome proceed(LeasedJob changed);

  /**
   * After {@link #proceed}: the plugin further inside that answered without proceeding, or threw
   * before it did, so that the handler never ran. For those who look on.
   *
   * @return the plugin's id; empty when the handler was reached, and before {@link #proceed}
   */
  Optional<String> stoppedBy();
}
