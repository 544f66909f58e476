package dev.noria.tck.model;

import dev.noria.job.JobState;
import dev.noria.storage.DequeueRequest;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Supplier;

/** Bugs in handing jobs out (S2). */
enum DequeueBugs implements PlantedBug {
  RETURNS_SCHEDULED_JOBS_EARLY(
      "s2_1",
      () ->
          new Decisions() {
            @Override
            boolean isDue(Instant dueAt, Instant now) {
              return !dueAt.isAfter(now.plusMillis(1));
            }
          }),
  IGNORES_A_PAUSE(
      "s2_1",
      () ->
          new Decisions() {
            @Override
            boolean obeysPause() {
              return false;
            }
          }),
  LEASES_A_JOB_TO_TWO_CALLERS(
      "s2_2",
      () ->
          new Decisions() {
            @Override
            JobState leased() {
              return JobState.READY;
            }
          }),
  INVERTS_PRIORITY(
      "s2_3",
      () ->
          new Decisions() {
            @Override
            Comparator<Entry> line() {
              return Comparator.comparingInt((Entry entry) -> entry.job.priority())
                  .thenComparing(super.line());
            }
          }),
  PROMOTES_THE_LATEST_FIRST(
      "s2_3",
      () ->
          new Decisions() {
            @Override
            Comparator<Entry> promotion() {
              return super.promotion().reversed();
            }
          }),
  LETS_PROMOTED_JOBS_PASS(
      "s2_3",
      () ->
          new Decisions() {
            @Override
            Comparator<Entry> line() {
              return Comparator.comparingInt((Entry entry) -> -entry.job.priority())
                  .thenComparing(entry -> entry.job.runAt() == null)
                  .thenComparing(super.line());
            }
          }),
  MOVES_A_LIFO_JOB_ON_RETRY(
      "s2_3",
      () ->
          new Decisions() {
            @Override
            boolean keepsPlace(Entry entry) {
              return false;
            }
          }),
  IGNORES_THE_TOTAL(
      "s2_4",
      () ->
          new Decisions() {
            @Override
            int share(int limit, int total, int taken) {
              return limit;
            }
          }),
  IGNORES_THE_BYTES(
      "s2_4",
      () ->
          new Decisions() {
            @Override
            boolean fits(long bytes, long most, int returned) {
              return true;
            }
          }),
  COUNTS_A_GROUP_LIMIT_PER_CALLER(
      "s2_5",
      () ->
          new Decisions() {
            @Override
            boolean counts(Entry running, DequeueRequest request) {
              return running.nonce == request.nonce();
            }
          }),
  LETS_A_SATURATED_GROUP_HIDE_OTHERS(
      "s2_5",
      () ->
          new Decisions() {
            @Override
            boolean passesOver() {
              return false;
            }
          }),
  IGNORES_WEIGHTS(
      "s2_5",
      () ->
          new Decisions() {
            @Override
            int turn(int weight) {
              return 1;
            }
          }),
  SERVES_A_GROUP_TO_ITS_END(
      "s2_5",
      () ->
          new Decisions() {
            @Override
            int turn(int weight) {
              return Integer.MAX_VALUE;
            }
          }),
  IGNORES_THE_START_RATE(
      "s2_5",
      () ->
          new Decisions() {
            @Override
            boolean hasToken(Bucket bucket, Instant now) {
              return true;
            }
          }),
  IGNORES_A_DEADLINE(
      "s2_6",
      () ->
          new Decisions() {
            @Override
            boolean isExpired(Entry entry, Instant now) {
              return false;
            }
          }),
  HANDS_OUT_A_CORRUPT_JOB(
      "s2_6",
      () ->
          new Decisions() {
            @Override
            boolean isCorrupt(Entry entry) {
              return false;
            }
          }),
  LOSES_A_PARK(
      "s2_7",
      () ->
          new Decisions() {
            @Override
            boolean sleeps(DequeueRequest request, int returned) {
              return false;
            }
          });

  private final String rule;

  @SuppressWarnings("ImmutableEnumChecker") // It makes new decisions each time.
  private final Supplier<Decisions> decisions;

  DequeueBugs(String rule, Supplier<Decisions> decisions) {
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
