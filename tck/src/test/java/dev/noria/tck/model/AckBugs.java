package dev.noria.tck.model;

import dev.noria.job.FailedAttempt;
import dev.noria.job.JobState;
import dev.noria.storage.Ack;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Bugs in ending and extending leases, and in taking them back (S3, S4, S5). */
enum AckBugs implements PlantedBug {
  LOSES_AN_ACK(
      "s3_1",
      () ->
          new Decisions() {
            @Override
            boolean stores(Ack ack) {
              return ack.kind() != Ack.Kind.COMPLETED;
            }
          }),
  STORES_FOLLOW_UPS_OF_A_STALE_ACK(
      "s3_2",
      () ->
          new Decisions() {
            @Override
            boolean storesFollowUps(boolean applied) {
              return true;
            }
          }),
  ACCEPTS_A_STALE_EPOCH(
      "s3_2",
      () ->
          new Decisions() {
            @Override
            boolean isCurrent(Entry entry, Lease lease) {
              return entry.state == JobState.RUNNING && entry.nonce == lease.nonce();
            }
          }),
  IGNORES_THE_NONCE(
      "s3_2",
      () ->
          new Decisions() {
            @Override
            boolean isCurrent(Entry entry, Lease lease) {
              return entry.state == JobState.RUNNING && entry.epoch == lease.epoch();
            }
          }),
  KEEPS_ONLY_THE_LAST_FAILURE(
      "s3_5",
      () ->
          new Decisions() {
            @Override
            List<FailedAttempt> kept(List<FailedAttempt> history) {
              return List.of(history.get(history.size() - 1));
            }
          }),
  COUNTS_A_RELEASED_ATTEMPT(
      "s3_6",
      () ->
          new Decisions() {
            @Override
            int released(int attempt) {
              return attempt;
            }
          }),
  FORGETS_A_REQUESTED_CANCEL(
      "s3_7",
      () ->
          new Decisions() {
            @Override
            boolean cancels(Entry entry) {
              return false;
            }
          }),
  NEVER_RESETS_CRASHES(
      "s3_8",
      () ->
          new Decisions() {
            @Override
            int crashesAfter(Ack ack, int crashes) {
              return crashes;
            }
          }),
  SHORTENS_A_LEASE(
      "s4",
      () ->
          new Decisions() {
            @Override
            Instant extended(Instant before, Instant asked) {
              return asked;
            }
          }),
  CALLS_A_LOST_LEASE_EXTENDED(
      "s4",
      () ->
          new Decisions() {
            @Override
            boolean admitsLoss() {
              return false;
            }
          }),
  HIDES_A_REQUESTED_CANCEL(
      "s4",
      () ->
          new Decisions() {
            @Override
            boolean tellsCancel() {
              return false;
            }
          }),
  TAKES_BACK_WHATEVER_WAS_LEASED_ONCE(
      "s5_1",
      () ->
          new Decisions() {
            @Override
            boolean isReclaimable(Entry entry, Instant now) {
              return entry.epoch > 0 && !entry.leaseExpiresAt.isAfter(now);
            }
          }),
  COUNTS_CRASHES_OF_JOBS_NOT_STARTED(
      "s5_1",
      () ->
          new Decisions() {
            @Override
            boolean isCrash(Entry entry) {
              return true;
            }
          }),
  CALLS_TWO_CRASHES_POISON(
      "s5_1",
      () ->
          new Decisions() {
            @Override
            int maxCrashes() {
              return 2;
            }
          }),
  COUNTS_AN_ATTEMPT_NEVER_STARTED(
      "s5_1",
      () ->
          new Decisions() {
            @Override
            int reclaimed(Entry entry) {
              return entry.attempt;
            }
          }),
  FORGETS_WHAT_HAS_STARTED(
      "s5_1",
      () ->
          new Decisions() {
            @Override
            boolean marksStarted(LeaseUse use) {
              return false;
            }
          }),
  LETS_BLOCKED_JOBS_MISS_THEIR_DEADLINE(
      "s5_2",
      () ->
          new Decisions() {
            @Override
            boolean endsIdle(Entry entry) {
              return entry.state != JobState.BLOCKED;
            }
          });

  private final String rule;

  @SuppressWarnings("ImmutableEnumChecker") // It makes new decisions each time.
  private final Supplier<Decisions> decisions;

  AckBugs(String rule, Supplier<Decisions> decisions) {
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
