package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everything at once on the same few jobs: nobody hears of a deadlock, and limits are kept. */
@Tag("slow")
class ManyAtOnceTest {
  private static final String SCHEMA = "many_at_once_test";
  private static final Instant START = Instant.ofEpochMilli(1_000_000);
  private static final Duration LEASE = Duration.ofMillis(40);
  private static final int THREADS = 8;
  private static final int ROUNDS = 150;
  private static final int MOST = 5;
  private static final int MOST_OF_A_GROUP = 2;

  private final PostgresStorage storage =
      PostgresStorage.open(TestServer.options().withNamespace(SCHEMA).withConnections(8));
  private final Administration admin = storage.capability(Administration.class).orElseThrow();
  private final AtomicLong millis = new AtomicLong();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong leased = new AtomicLong();

  @AfterEach
  void dropSchema() {
    storage.close();
    TestServer.drop(SCHEMA);
  }

  @Test
  void everythingAtOnce_noDeadlockAndNoLimitBroken() throws Exception {
    GroupPolicy group = GroupPolicy.UNLIMITED.withMaxRunning(MOST_OF_A_GROUP);
    admin.setPolicy(
        "limited", QueuePolicy.UNLIMITED.withMaxRunning(MOST).withDefaults(group), START);
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      all.add(() -> new Actor(number).live());
    }
    ExecutorService crew = Executors.newFixedThreadPool(THREADS);
    try {
      for (Future<Integer> ended : crew.invokeAll(all)) {
        assertThat(ended.get()).isEqualTo(ROUNDS);
      }
    } finally {
      crew.shutdownNow();
    }
    assertThat(leased).hasValueGreaterThan(ROUNDS);
  }

  /** The same clock for all; it never goes back. */
  private Instant now() {
    return START.plusMillis(millis.incrementAndGet());
  }

  /** What one thread does, a little of everything. */
  private final class Actor {
    private final SplittableRandom random;
    private final long client;
    private final List<Lease> held = new ArrayList<>();
    private long sequence;

    Actor(int number) {
      random = new SplittableRandom(number);
      client = 100L + number;
    }

    int live() {
      for (int round = 0; round < ROUNDS; round++) {
        switch (random.nextInt(8)) {
          case 0, 1 -> enqueue();
          case 2, 3, 4 -> exchange();
          case 5 -> extend();
          case 6 -> maintain();
          default -> operate();
        }
        assertLimits();
      }
      return ROUNDS;
    }

    private CallId call() {
      return new CallId(client, ++sequence);
    }

    private void enqueue() {
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        JobId id = new JobId(0, ids.incrementAndGet());
        String queue = random.nextBoolean() ? "limited" : "plain";
        NewJob.Builder job =
            NewJob.builder(id, "type", queue, Bytes.utf8("payload"))
                .retention(new Retention(Duration.ofMillis(20), Duration.ofMillis(20)));
        jobs.add(
            queue.equals("limited") ? job.group("g" + random.nextInt(4)).build() : job.build());
      }
      assertThat(storage.enqueue(call(), jobs, now())).hasSize(6);
    }

    private void exchange() {
      List<Ack> acks = held.stream().map(this::ack).toList();
      held.clear();
      Instant now = now();
      List<Demand> demands = List.of(new Demand("plain", 3), new Demand("limited", 3));
      DequeueRequest request =
          new DequeueRequest(
              "worker", client, now.plus(LEASE), demands, 6, 100_000, random.nextBoolean(), 0);
      storage.exchange(call(), acks, request, now).jobs().forEach(job -> held.add(job.lease()));
      leased.addAndGet(held.size());
    }

    private Ack ack(Lease lease) {
      return switch (random.nextInt(4)) {
        case 0 -> new Ack.Retry(lease, now().plusMillis(5), ErrorInfo.of("Oops", "again"));
        case 1 -> new Ack.Released(lease, null, null);
        default -> new Ack.Completed(lease);
      };
    }

    private void extend() {
      List<LeaseUse> uses =
          held.stream().map(lease -> new LeaseUse(lease, random.nextBoolean(), false)).toList();
      Instant now = now();
      assertThat(storage.extend(uses, now.plus(LEASE), now)).hasSize(uses.size());
    }

    private void maintain() {
      var ignored = storage.maintain(20, now());
    }

    private void operate() {
      Collection<JobId> some = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        some.add(new JobId(0, 1 + random.nextLong(ids.get() + 1)));
      }
      if (random.nextBoolean()) {
        assertThat(admin.cancel(some, now())).hasSize(some.size());
      } else {
        Instant now = now();
        Set<JobState> finished = Set.of(JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED);
        assertThat(admin.purge(null, finished, now, 20, now)).isNotNegative();
      }
    }

    /** As one snapshot of the database shows it. */
    private void assertLimits() {
      List<String> groups =
          TestServer.column(
              "SELECT count(*) FROM %1$s.job WHERE state = 3 AND grp IS NOT NULL GROUP BY grp"
                  .formatted(SCHEMA));
      int sum = 0;
      for (String running : groups) {
        assertThat(Integer.parseInt(running)).isLessThanOrEqualTo(MOST_OF_A_GROUP);
        sum += Integer.parseInt(running);
      }
      assertThat(sum).isLessThanOrEqualTo(MOST);
    }
  }
}
