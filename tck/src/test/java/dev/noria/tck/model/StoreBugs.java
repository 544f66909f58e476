package dev.noria.tck.model;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.job.NewJob;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bugs in what every call does and in storing jobs (S0, S1). */
enum StoreBugs implements PlantedBug {
  DOES_A_REPEATED_CALL_AGAIN(
      "s0_4",
      () ->
          new Decisions() {
            @Override
            boolean answersAgain() {
              return false;
            }
          }),
  CUTS_A_PAYLOAD_AT_NUL(
      "s0_6",
      () ->
          new Decisions() {
            @Override
            NewJob stored(NewJob job) {
              byte[] bytes = job.payload().toArray();
              int end = 0;
              while (end < bytes.length && bytes[end] != 0) {
                end++;
              }
              return job.withPayload(Bytes.owned(Arrays.copyOf(bytes, end)));
            }
          }),
  SHARES_KEYS_AMONG_NAMESPACES(
      "s0_9",
      () ->
          new Decisions() {
            @Override
            String keyNamespace(String namespace) {
              return "";
            }
          }),
  OPENS_A_NEWER_FORMAT(
      "s0_10",
      () ->
          new Decisions() {
            @Override
            boolean refusesNewer() {
              return false;
            }
          }),
  OVERWRITES_AN_EXISTING_ID(
      "s1_3",
      () ->
          new Decisions() {
            @Override
            boolean keepsExisting() {
              return false;
            }
          }),
  FREES_A_KEY_WHEN_ITS_HOLDER_STARTS(
      "s1_4",
      () ->
          new Decisions() {
            @Override
            boolean freesOnStart(Until until) {
              return until == Until.STARTED || until == Until.FINISHED;
            }
          }),
  FREES_A_PURGE_KEY_WHEN_ITS_HOLDER_ENDS(
      "s1_4",
      () ->
          new Decisions() {
            @Override
            boolean freesOnFinish(Until until) {
              return until != Until.WINDOW;
            }
          }),
  NEVER_FREES_A_KEY(
      "s1_4",
      () ->
          new Decisions() {
            @Override
            boolean freesOnFinish(Until until) {
              return false;
            }
          }),
  DOES_NOT_TAKE_A_KEY_BACK_ON_RETRY(
      "s1_4",
      () ->
          new Decisions() {
            @Override
            boolean takesBack() {
              return false;
            }
          }),
  RELEASES_A_DEPENDENT_AFTER_THE_FIRST_END(
      "s1_6",
      () ->
          new Decisions() {
            @Override
            boolean isReleased(int open, int all) {
              return open < all;
            }
          }),
  RELEASES_DEPENDENTS_OF_A_DEAD_JOB(
      "s1_6",
      () ->
          new Decisions() {
            @Override
            boolean isDone(@Nullable JobState ended, OnFailure policy) {
              return super.isDone(ended, policy) || ended == JobState.DEAD;
            }
          }),
  DROPS_A_JOB_THAT_IS_DEPENDED_ON(
      "s1_6",
      () ->
          new Decisions() {
            @Override
            boolean spares(boolean dependedOn) {
              return false;
            }
          }),
  KEEPS_FINISHED_JOBS_FOR_EVER(
      "s1_8",
      () ->
          new Decisions() {
            @Override
            boolean isKept(Instant keepUntil, Instant now) {
              return true;
            }
          });

  private final String rule;

  @SuppressWarnings("ImmutableEnumChecker") // It makes new decisions each time.
  private final Supplier<Decisions> decisions;

  StoreBugs(String rule, Supplier<Decisions> decisions) {
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
