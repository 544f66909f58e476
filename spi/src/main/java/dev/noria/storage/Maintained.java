package dev.noria.storage;

import dev.noria.job.JobId;
import java.util.List;

/**
 * What one maintain call did (S5). Immutable.
 *
 * @param reclaimed jobs whose expired lease was taken back and that wait again
 * @param ended jobs that it ended: expired, poisoned, out of attempts, or cancelled with a
 *     dependency or a pending request
 * @param released BLOCKED jobs whose dependencies have ended and that wait for their turn now
 * @param purged finished jobs whose retention was over
 * @param healed side-index entries that were missing or wrong and are right now
 * @param setAside damaged records that this process met since the last call, each told once
 * @param more whether the limit cut it short: call again
 */
public record Maintained(
    List<JobId> reclaimed,
    List<EndedJob> ended,
    List<JobId> released,
    List<JobId> purged,
    int healed,
    List<SetAside> setAside,
    boolean more) {
  /** There was nothing to do. */
  public static final Maintained NOTHING =
      new Maintained(List.of(), List.of(), List.of(), List.of(), 0, false);

  /** Copies the lists. */
  public Maintained {
    reclaimed = List.copyOf(reclaimed);
    ended = List.copyOf(ended);
    released = List.copyOf(released);
    purged = List.copyOf(purged);
    setAside = List.copyOf(setAside);
  }

  /** For a storage that has nothing to set aside: damaged jobs end in their place. */
  public Maintained(
      List<JobId> reclaimed,
      List<EndedJob> ended,
      List<JobId> released,
      List<JobId> purged,
      int healed,
      boolean more) {
    this(reclaimed, ended, released, purged, healed, List.of(), more);
  }

  /** The same, and these damaged records. */
  public Maintained withSetAside(List<SetAside> records) {
    return new Maintained(reclaimed, ended, released, purged, healed, records, more);
  }
}
