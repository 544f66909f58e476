package dev.noria.rows;

import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.OnConflict;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.storage.Events;
import java.util.List;

/** The numbers under which words are stored; a number never changes its meaning. */
public final class Codes {
  private static final List<JobState> STATES =
      List.of(
          JobState.BLOCKED,
          JobState.SCHEDULED,
          JobState.READY,
          JobState.RUNNING,
          JobState.COMPLETED,
          JobState.DEAD,
          JobState.CANCELLED);
  public static final int STATE_COUNT = STATES.size();
  public static final List<Until> UNTIL =
      List.of(Until.STARTED, Until.FINISHED, Until.PURGED, Until.WINDOW);
  public static final List<OnConflict> ON_CONFLICT = List.of(OnConflict.KEEP, OnConflict.REPLACE);
  public static final List<OnFailure> ON_FAILURE =
      List.of(OnFailure.CANCEL, OnFailure.IGNORE, OnFailure.HOLD);
  public static final List<OnMissing> ON_MISSING =
      List.of(OnMissing.REJECT, OnMissing.COUNT_AS_DONE);
  public static final List<Events.Mode> MODES =
      List.of(Events.Mode.OFF, Events.Mode.TERMINAL, Events.Mode.ALL);
  public static final List<EnqueueReceipt.Status> RECEIPTS =
      List.of(
          EnqueueReceipt.Status.ENQUEUED,
          EnqueueReceipt.Status.DUPLICATE,
          EnqueueReceipt.Status.REPLACED,
          EnqueueReceipt.Status.REJECTED);

  private Codes() {}

  public static int of(JobState state) {
    return switch (state) {
      case BLOCKED -> 0;
      case SCHEDULED -> 1;
      case READY -> 2;
      case RUNNING -> 3;
      case COMPLETED -> 4;
      case DEAD -> 5;
      case CANCELLED -> 6;
    };
  }

  public static JobState state(int code) {
    return STATES.get(code);
  }
}
