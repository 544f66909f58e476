package dev.noria.tck.model;

import dev.noria.job.JobState;
import dev.noria.storage.Events.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Bugs in what a storage can do besides (C1 to C9). */
enum CapabilityBugs implements PlantedBug {
  LETS_COUNTS_DRIFT_ON_CANCEL(
      "c1_2",
      () ->
          new Decisions() {
            private final Map<String, Long> drift = new HashMap<>();

            @Override
            void cancelled(String queue) {
              drift.merge(queue, 1L, Long::sum);
            }

            @Override
            Map<JobState, Long> counted(String queue, Map<JobState, Long> recount) {
              recount.merge(JobState.READY, drift.getOrDefault(queue, 0L), Long::sum);
              return recount;
            }
          }),
  DELETES_RUNNING_JOBS(
      "c2_2",
      () ->
          new Decisions() {
            @Override
            boolean sparesRunning() {
              return false;
            }
          }),
  KEEPS_THE_RESULT_OF_A_REPLAYED_JOB(
      "c2_5",
      () ->
          new Decisions() {
            @Override
            boolean dropsResult() {
              return false;
            }
          }),
  REPLAYS_WITHOUT_THE_KEY(
      "c2_5",
      () ->
          new Decisions() {
            @Override
            boolean replayNeedsKey() {
              return false;
            }
          }),
  USES_A_REGISTER_VERSION_TWICE(
      "c3",
      () ->
          new Decisions() {
            @Override
            boolean remembersVersions() {
              return false;
            }
          }),
  ENQUEUES_THOUGH_THE_ADVANCE_FAILED(
      "c3_5",
      () ->
          new Decisions() {
            @Override
            boolean enqueues(boolean advanced) {
              return true;
            }
          }),
  WRITES_NOTES_WITH_A_STALE_LEASE(
      "c4",
      () ->
          new Decisions() {
            @Override
            boolean guardsNotes() {
              return false;
            }
          }),
  SIGNALS_ENDS_THAT_NOBODY_AWAITS(
      "c5_1",
      () ->
          new Decisions() {
            @Override
            boolean signalsFinish(boolean wanted) {
              return true;
            }
          }),
  SIGNALS_NO_END(
      "c5_2",
      () ->
          new Decisions() {
            @Override
            boolean signalsFinish(boolean wanted) {
              return false;
            }
          }),
  TURNS_EVENTS_AROUND(
      "c6_2",
      () ->
          new Decisions() {
            @Override
            List<Event> page(List<Event> events) {
              List<Event> turned = new ArrayList<>(events);
              Collections.reverse(turned);
              return turned;
            }
          }),
  RESTORES_RUNNING_JOBS_AS_RUNNING(
      "c9_2",
      () ->
          new Decisions() {
            @Override
            JobState restored(JobState state) {
              return state;
            }
          });

  private final String rule;

  @SuppressWarnings("ImmutableEnumChecker") // It makes new decisions each time.
  private final Supplier<Decisions> decisions;

  CapabilityBugs(String rule, Supplier<Decisions> decisions) {
    this.rule = rule;
    this.decisions = decisions;
  }

  @Override
  public String rule() {
    return rule;
  }

  @Override
  public Decisions decisions() {
    return decisions.get();
  }
}
