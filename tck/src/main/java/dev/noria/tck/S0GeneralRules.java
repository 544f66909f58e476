package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Durability;
import dev.noria.storage.Events;
import dev.noria.storage.Exchange;
import dev.noria.storage.Inspection;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.ServerClock;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import dev.noria.storage.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every call: lists, threads, instants, durability, cost, format (S0). */
abstract class S0GeneralRules extends Rules {
  private static final Set<Class<? extends Capability>> KNOWN =
      Set.of(
          Inspection.class,
          Administration.class,
          Registers.class,
          Notes.class,
          Signals.class,
          Events.class,
          JdbcTransactions.class,
          ServerClock.class,
          Transfer.class);

  @Test
  void s0_1_receiptsComeInRequestOrder() {
    List<NewJob> jobs = rig().jobs(50);
    List<NewJob> backwards = new ArrayList<>(jobs);
    Collections.reverse(backwards);
    assertThat(rig().enqueue(backwards))
        .containsExactlyElementsOf(
            backwards.stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList());
    List<LeasedJob> leased = rig().dequeue(50);
    List<Ack> acks = new ArrayList<>();
    for (int i = leased.size() - 1; i >= 0; i--) {
      acks.add(new Ack.Completed(leased.get(i).lease()));
    }
    assertThat(rig().main().ack(acks))
        .extracting(receipt -> receipt.id())
        .containsExactlyElementsOf(acks.stream().map(ack -> ack.lease().id()).toList());
  }

  @Test
  void s0_1_emptyListsAreFine() {
    assertThat(rig().enqueue(List.of())).isEmpty();
    Exchange nothing = rig().exchange(List.of(), DequeueRequest.nothing("worker", 1, rig().now()));
    assertThat(nothing.receipts()).isEmpty();
    assertThat(nothing.jobs()).isEmpty();
    assertThat(rig().storage().extend(List.of(), rig().now(), rig().now())).isEmpty();
    assertThat(rig().storage().find(List.of(), Set.of())).isEmpty();
    assertThat(rig().maintain()).isEqualTo(Maintained.NOTHING);
  }

  @Test
  void s0_2_manyThreadsUseOneStorage() {
    int perThread = 40;
    List<Set<JobId>> done =
        Crew.run(
            8,
            number ->
                () -> {
                  Rig.Client client = rig().client();
                  Set<JobId> mine = new HashSet<>();
                  for (int i = 0; i < perThread; i++) {
                    client.enqueue(List.of(rig().job()));
                    for (LeasedJob job : client.dequeue(Rig.QUEUE, 2)) {
                      assertThat(client.ack(new Ack.Completed(job.lease())).isApplied()).isTrue();
                      assertThat(mine.add(job.id())).isTrue();
                    }
                    rig().storage().find(mine, Set.of());
                    rig().storage().maintain(10, rig().now());
                  }
                  return mine;
                });
    List<JobId> all = done.stream().flatMap(Set::stream).collect(Collectors.toList());
    all.addAll(leasedIds(rig().dequeue(1_000)));
    assertThat(all).hasSize(8 * perThread).doesNotHaveDuplicates();
  }

  @Test
  void s0_2_dequeueNeverWaitsForWork() {
    DequeueRequest sleepy = rig().main().request(Rig.QUEUE, 1);
    DequeueRequest park =
        new DequeueRequest(
            sleepy.owner(), 1, sleepy.expiresAt(), sleepy.demands(), 1, 1_000, true, 0);
    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofSeconds(20), () -> assertThat(rig().exchange(List.of(), park).jobs()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00.001Z",
        "1999-12-31T23:59:59.999Z",
        "2038-01-19T03:14:08.123Z",
        "2106-02-07T06:28:16.999Z",
        "2199-12-31T22:00:00.007Z"
      })
  void s0_3_anyInstantFrom1970To2200IsThePresent(Instant present) {
    rig().time.advance(Duration.between(rig().now(), present));
    Instant due = present.plusMillis(1_001);
    NewJob later = rig().enqueued(rig().job(job -> job.runAt(due)));
    NewJob soon = rig().enqueued(rig().job());
    assertThat(rig().stored(later.id()).status().dueAt()).isEqualTo(due);
    assertThat(rig().stored(soon.id()).status().enqueuedAt()).isEqualTo(present);
    LeasedJob first = rig().dequeueOne();
    assertThat(first.id()).isEqualTo(soon.id());
    assertThat(rig().stored(soon.id()).status().leaseExpiresAt())
        .isEqualTo(present.plus(Rig.LEASE));
    assertThat(rig().kill(first).isApplied()).isTrue();
    assertThat(rig().stored(soon.id()).status().finishedAt()).isEqualTo(present);
    rig().time.advance(SECOND);
    assertThat(rig().dequeue(1)).isEmpty();
    rig().time.advance(Duration.ofMillis(1));
    assertThat(rig().dequeueOne().id()).isEqualTo(later.id());
  }

  @Test
  void s0_3_thePresentMayStandStillOrGoBack() {
    NewJob job = rig().enqueued(rig().job());
    rig().time.advance(Duration.ofSeconds(-5));
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.id()).isEqualTo(job.id());
    assertThat(rig().complete(leased).isApplied()).isTrue();
  }

  @Test
  void s0_5_durabilityAgreesWithWhatSurvives() {
    StorageInfo info = rig().storage().info();
    assertThat(info.name()).isNotBlank();
    assertThat(info.durability() != Durability.VOLATILE).isEqualTo(rig().survives());
  }

  @Test
  void s0_5_everyStateSurvivesCloseAndOpen() {
    rig().needsSurvival();
    NewJob ready = rig().enqueued(rig().job("ready"));
    NewJob blocked = rig().enqueued(rig().job(job -> job.dependencies(on(ready))));
    Instant later = rig().now().plusSeconds(60);
    NewJob scheduled = rig().enqueued(rig().job(job -> job.runAt(later)));
    NewJob running = rig().enqueued(rig().job());
    LeasedJob lease = rig().dequeueOne();
    NewJob dead = rig().enqueued(rig().job());
    rig().kill(rig().dequeueOne());
    List<JobId> all = List.of(ready.id(), blocked.id(), scheduled.id(), running.id(), dead.id());
    var before = rig().storage().find(all, EnumSet.allOf(Part.class));
    rig().reopen();
    assertThat(rig().storage().find(all, EnumSet.allOf(Part.class))).isEqualTo(before).hasSize(5);
    assertThat(rig().complete(lease).isApplied()).isTrue();
    assertThat(leasedIds(rig().dequeue("ready", 5))).containsExactly(ready.id());
    rig().time.advance(Duration.ofSeconds(60));
    assertThat(leasedIds(rig().dequeue(5))).containsExactly(scheduled.id());
  }

  @Test
  void s0_5_orderAndEpochsSurviveCloseAndOpen() {
    rig().needsSurvival();
    List<NewJob> jobs = rig().jobs(10);
    rig().enqueue(jobs);
    LeasedJob first = rig().dequeueOne();
    rig().release(first);
    rig().reopen();
    List<LeasedJob> leased = rig().dequeue(20);
    assertThat(leasedIds(leased)).containsExactlyElementsOf(idsOf(jobs));
    assertThat(leased.get(0).lease().epoch()).isEqualTo(first.lease().epoch() + 1);
  }

  @Test
  void s0_5_anEndedJobDoesNotComeBackAfterOpen() {
    rig().needsSurvival();
    NewJob job = rig().enqueued(rig().job());
    rig().complete(rig().dequeueOne());
    rig().reopen();
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s0_2_closingTwiceDoesNothing() {
    JobStorage other = rig().openAgain();
    other.close();
    other.close();
    rig().enqueued(rig().job());
    assertThat(rig().dequeue(1)).hasSize(1);
  }

  @Test
  void s0_8_theCostOfAJobDoesNotGrowWithTheBacklog() {
    rig().enqueue(rig().jobs(1_000));
    long small = bestRound();
    fill(rig().jobs(19_000));
    assertThat(bestRound()).as("at 20 times the backlog").isLessThan(4 * small + 1_000_000);
  }

  @Test
  void s0_8_theCostOfAJobDoesNotGrowWithScheduledJobs() {
    rig().enqueue(rig().jobs(200));
    long small = bestRound();
    List<NewJob> scheduled = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Instant due = rig().now().plusSeconds(3_600 + i);
      scheduled.add(rig().job(job -> job.runAt(due)));
    }
    fill(scheduled);
    assertThat(bestRound()).as("with scheduled jobs").isLessThan(4 * small + 1_000_000);
  }

  private void fill(List<NewJob> jobs) {
    int most = rig().storage().info().limits().batchJobs();
    for (int i = 0; i < jobs.size(); i += most) {
      rig().enqueue(jobs.subList(i, Math.min(jobs.size(), i + most)));
    }
  }

  /** Nanoseconds of the fastest round, so that a pause of the machine does not count. */
  private long bestRound() {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 30; i++) {
      List<NewJob> jobs = rig().jobs(25);
      long start = System.nanoTime();
      rig().enqueue(jobs);
      List<Ack> acks = new ArrayList<>();
      rig().dequeue(25).forEach(job -> acks.add(new Ack.Completed(job.lease())));
      rig().main().ack(acks);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  @Test
  void s0_10_aNewerFormatIsRefused() {
    assumeTrue(rig().survives(), "skipped: nothing is stored");
    rig().enqueued(rig().job());
    rig().storage().close();
    assertThat(rig().makeNewer())
        .as("a storage whose jobs survive has a format: override makeNewer")
        .isTrue();
    assertThatThrownBy(() -> rig().openAgain())
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.CORRUPT));
  }

  @Test
  void s0_10_thisFormatAndTheNextRunTogether() {
    rig().needsSharing();
    NewJob before = rig().enqueued(rig().job());
    Optional<JobStorage> opened = rig().openNext();
    assumeTrue(opened.isPresent(), "skipped: the suite does not say how a next release opens it");
    JobStorage next = opened.orElseThrow();
    Rig.Client newer = rig().client(next);
    List<NewJob> jobs = rig().jobs(4);
    newer.enqueue(jobs.subList(0, 2));
    rig().enqueue(jobs.subList(2, 4));
    assertThat(leasedIds(newer.dequeue(Rig.QUEUE, 1))).containsExactly(before.id());
    List<LeasedJob> old = rig().dequeue(2);
    List<LeasedJob> fresh = newer.dequeue(Rig.QUEUE, 9);
    assertThat(leasedIds(old)).containsExactlyElementsOf(idsOf(jobs.subList(0, 2)));
    assertThat(leasedIds(fresh)).containsExactlyElementsOf(idsOf(jobs.subList(2, 4)));
    // Each ends what the other leased.
    assertThat(newer.ack(new Ack.Completed(old.get(0).lease())).isApplied()).isTrue();
    assertThat(rig().complete(fresh.get(0)).isApplied()).isTrue();
    next.close();
    rig().reopen();
    assertThat(rig().storage().find(idsOf(jobs), Set.of())).hasSize(2);
    assertThat(rig().complete(old.get(1)).isApplied()).isTrue();
  }

  @Test
  void s0_10_openingAPlaceAgainLeavesItAlone() {
    rig().needsSharing();
    NewJob job = rig().enqueued(rig().job(builder -> builder.payload(Bytes.utf8("kept"))));
    JobStorage second = rig().openAgain();
    assertThat(second.find(List.of(job.id()), Set.of()))
        .singleElement()
        .satisfies(stored -> assertThat(stored.state()).isEqualTo(JobState.READY));
  }

  @Test
  void s0_1_exactlyTheDeclaredCapabilitiesAreFound() {
    Set<Class<? extends Capability>> found =
        KNOWN.stream()
            .filter(type -> rig().storage().capability(type).isPresent())
            .collect(Collectors.toSet());
    assertThat(found).isEqualTo(rig().declared());
  }

  private static Dependencies on(NewJob job) {
    return Dependencies.on(List.of(job.id()));
  }
}
