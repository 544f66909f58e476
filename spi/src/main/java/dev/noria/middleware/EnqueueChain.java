package dev.noria.middleware;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import java.util.List;
import java.util.Optional;

/**
 * The rest of an enqueue call. Implemented by the kernel only; methods may be added. For the
 * calling thread only.
 */
public interface EnqueueChain {

  /** The jobs of the call that no outer link has settled, payloads encoded. */
  List<NewJob> jobs();

  /**
   * Settles one job as REJECTED: it goes no further, touches neither ids nor keys, and {@link
   * #proceed} merges its receipt.
   */
  void reject(NewJob job, String reason);

  /** Settles one job with {@code receipt}, as {@link #reject} does. */
  void answer(NewJob job, EnqueueReceipt receipt);

  /**
   * Goes on with the jobs that are not settled.
   *
   * @return one receipt for each of {@link #jobs()}, in order
   * @throws dev.noria.storage.StorageException if the storage broke; nothing of the call is known
   *     to be stored
   */
  List<EnqueueReceipt> proceed();

  /**
   * Goes on with changed jobs: the same ids in the same order, settled ones included or left out;
   * anything else fails before the storage is called.
   */
  List<EnqueueReceipt> proceed(List<NewJob> changed);

  /**
   * After {@link #proceed}: the plugin further inside that settled a job by rejecting it, by
   * answering it, or by not proceeding itself. For those who look on.
   *
   * @param index which of {@link #jobs()}
   * @return the plugin's id; empty when the job went all the way, and before {@link #proceed}
   */
  Optional<String> settledBy(int index);
}
