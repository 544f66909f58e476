package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** At most one entry per key at every committed instant, whoever races for it (S1.4, I9). */
abstract class S1KeyRacesRules extends Rules {
  private static final int KEYS = 20;

  static List<KeyPolicy> policies() {
    return S1KeysRules.policies();
  }

  private List<NewJob> oneOfEachKey(KeyPolicy policy) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      JobKey key = new JobKey("key-" + i, policy);
      jobs.add(rig().job(job -> job.key(key).retention(Retention.WITH_RESULT)));
    }
    return jobs;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void s1_4_aKeyUnder32ThreadsIsTakenOnce(KeyPolicy policy) {
    List<List<EnqueueReceipt>> answers =
        Crew.run(32, number -> () -> rig().client().enqueue(oneOfEachKey(policy)));
    for (int i = 0; i < KEYS; i++) {
      int at = i;
      List<EnqueueReceipt> ofKey = answers.stream().map(list -> list.get(at)).toList();
      assertThat(ofKey.stream().filter(EnqueueReceipt::isEnqueued)).hasSize(1);
      assertThat(ofKey).extracting(EnqueueReceipt::id).containsOnly(ofKey.get(0).id());
    }
    assertThat(rig().dequeue(1_000)).hasSize(KEYS);
  }

  @Test
  void s1_4_callersThatTakeKeysInOppositeOrderDoNotHang() {
    List<List<EnqueueReceipt>> answers =
        Crew.run(
            8,
            number ->
                () -> {
                  Rig.Client client = rig().client();
                  List<EnqueueReceipt> receipts = new ArrayList<>();
                  for (int round = 0; round < 10; round++) {
                    List<NewJob> jobs = oneOfEachKey(KeyPolicy.whileUnfinished());
                    if (number % 2 == 0) {
                      Collections.reverse(jobs);
                    }
                    receipts.addAll(client.enqueue(jobs));
                  }
                  return receipts;
                });
    assertThat(answers.stream().flatMap(List::stream).filter(EnqueueReceipt::isEnqueued))
        .hasSize(KEYS);
  }

  @Test
  void s1_4_twoStoragesShareKeys() {
    rig().needsSharing();
    List<JobStorage> storages = List.of(rig().storage(), rig().openAgain());
    List<List<EnqueueReceipt>> answers =
        Crew.run(
            8,
            number ->
                () ->
                    rig()
                        .client(storages.get(number % 2))
                        .enqueue(oneOfEachKey(KeyPolicy.whileUnfinished())));
    assertThat(answers.stream().flatMap(List::stream).filter(EnqueueReceipt::isEnqueued))
        .hasSize(KEYS);
  }

  /** A whole life per round; the count goes down before the ack, so it is never too high. */
  @Test
  void s1_4_neverTwoUnfinishedJobsOfOneKey() {
    JobKey key = new JobKey("key", KeyPolicy.whileUnfinished());
    AtomicInteger unfinished = new AtomicInteger();
    List<Integer> lives =
        Crew.run(
            8,
            number ->
                () -> {
                  Rig.Client client = rig().client();
                  int mine = 0;
                  for (int i = 0; i < 40; i++) {
                    NewJob job = rig().job(builder -> builder.key(key));
                    if (client.enqueue(List.of(job)).get(0).isEnqueued()) {
                      assertThat(unfinished.incrementAndGet()).isEqualTo(1);
                      LeasedJob leased = client.dequeue(Rig.QUEUE, 5).get(0);
                      assertThat(leased.id()).isEqualTo(job.id());
                      unfinished.decrementAndGet();
                      client.ack(new Ack.Completed(leased.lease()));
                      mine++;
                    }
                  }
                  return mine;
                });
    assertThat(lives.stream().mapToInt(Integer::intValue).sum()).isPositive();
    rig().enqueued(rig().job(builder -> builder.key(key)));
  }

  /** Waiting jobs of one key come and go while others return by retry and release. */
  @Test
  void s1_4_neverTwoEntriesWhileHoldersReturn() {
    JobKey key = new JobKey("key", KeyPolicy.whileWaiting());
    Set<JobId> enqueued = ConcurrentHashMap.newKeySet();
    Set<JobId> done = ConcurrentHashMap.newKeySet();
    Crew.run(
        8,
        number ->
            () -> {
              Rig.Client client = rig().client();
              for (int i = 0; i < 40; i++) {
                NewJob job = rig().job(builder -> builder.key(key));
                if (client.enqueue(List.of(job)).get(0).isEnqueued()) {
                  enqueued.add(job.id());
                }
                for (LeasedJob leased : client.dequeue(Rig.QUEUE, 1)) {
                  client.ack(ack(leased, i % 3));
                  if (i % 3 == 0) {
                    assertThat(done.add(leased.id())).isTrue();
                  }
                }
              }
              return number;
            });
    for (LeasedJob leased : rig().dequeue(1_000)) {
      rig().complete(leased);
      assertThat(done.add(leased.id())).isTrue();
    }
    assertThat(done).containsExactlyInAnyOrderElementsOf(enqueued);
    NewJob next = rig().enqueued(rig().job(builder -> builder.key(key)));
    assertThat(rig().enqueue(rig().job(builder -> builder.key(key))))
        .extracting(EnqueueReceipt::id)
        .containsExactly(next.id());
  }

  private Ack ack(LeasedJob leased, int kind) {
    return switch (kind) {
      case 0 -> new Ack.Completed(leased.lease());
      case 1 -> new Ack.Retry(leased.lease(), rig().now(), Rig.error("again"));
      default -> new Ack.Released(leased.lease(), null, null);
    };
  }

  @Test
  void s1_4_aReplacementIsNeverLostToADequeue() {
    JobKey key = new JobKey("key", KeyPolicy.whileWaiting().replacing());
    Set<String> accepted = ConcurrentHashMap.newKeySet();
    AtomicInteger jobs = new AtomicInteger();
    List<List<String>> ran =
        Crew.run(
            6,
            number ->
                () -> {
                  Rig.Client client = rig().client();
                  List<String> seen = new ArrayList<>();
                  for (int i = 0; i < 40; i++) {
                    if (number % 2 == 0) {
                      String text = number + "-" + i;
                      NewJob job = rig().job(b -> b.key(key).payload(Bytes.utf8(text)));
                      EnqueueReceipt receipt = client.enqueue(List.of(job)).get(0);
                      if (receipt.isEnqueued()) {
                        jobs.incrementAndGet();
                      }
                      assertThat(receipt.status())
                          .isIn(EnqueueReceipt.Status.ENQUEUED, EnqueueReceipt.Status.REPLACED);
                      accepted.add(text);
                    } else {
                      client
                          .dequeue(Rig.QUEUE, 2)
                          .forEach(leased -> seen.add(leased.payload().toUtf8()));
                    }
                  }
                  return seen;
                });
    List<String> all = new ArrayList<>();
    ran.forEach(all::addAll);
    rig().dequeue(10).forEach(leased -> all.add(leased.payload().toUtf8()));
    assertThat(all).hasSize(jobs.get()).doesNotHaveDuplicates();
    assertThat(accepted).containsAll(new HashSet<>(all));
  }
}
