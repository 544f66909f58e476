package dev.noria.tck.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.StorageException;
import dev.noria.tck.ManualTime;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.FinalState;
import dev.noria.tck.history.History;
import dev.noria.tck.history.HistoryChecker;
import dev.noria.tck.history.Promise;
import dev.noria.tck.history.Verdict;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many callers at once on a storage that keeps the contract: whatever faults they meet and whatever
 * they give up, the checker must not accuse it.
 */
final class CrowdTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int WORKERS = 4;

  private final ManualTime time = new ManualTime();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong ids = new AtomicLong();
  private final History history = History.inMemory("p", nanos::incrementAndGet);
  private final ReferenceStorage inner = ReferenceStorage.create();
  private final BentStorage bent = new BentStorage(inner);
  private final FaultyStorage faulty = FaultyStorage.over(bent);
  private final JobStorage storage = RecordingStorage.over(faulty, history);

  @Test
  void crowd_onTheReference_isValid() throws Exception {
    faulty.with(Faults.random(11, 100));
    Verdict verdict = run(11, 400);
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
    assertThat(verdict.jobs()).isGreaterThan(1_000);
    for (String name : List.of("I1", "I2", "I3", "I4", "I5", "I6", "I8", "I9", "I12", "I13")) {
      assertThat(verdict.checked(name).facts()).as("facts of " + name).isPositive();
    }
    assertThat(verdict.count(Verdict.Kind.REDELIVERY_LEGAL)).isPositive();
    assertThat(verdict.count(Verdict.Kind.RECOVERED)).isPositive();
  }

  @ParameterizedTest
  @EnumSource(BentStorage.Bug.class)
  void crowd_onAStorageWithABug_isCaught(BentStorage.Bug bug) throws Exception {
    bent.with(bug);
    Verdict verdict = run(12, 400);
    // How the callers interleave is up to the machine: a bug that needs a meeting may need
    // patience.
    for (int more = 13; more < 33 && verdict.count(bug.shows) == 0; more++) {
      verdict = run(more, 400);
    }
    assertThat(verdict.count(bug.shows)).as(verdict.explain()).isPositive();
    assertThat(verdict.valid()).isFalse();
  }

  private Verdict run(long seed, int steps) throws Exception {
    SplittableRandom root = new SplittableRandom(seed);
    ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    try {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        Caller caller = new Caller(seed * WORKERS + i, root.split());
        all.add(CompletableFuture.runAsync(() -> caller.live(steps), threads));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(100, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
    FinalState end = FinalState.read(inner, history.nanos(), time.now());
    return HistoryChecker.check(history, end, Promise.of(Durability.PROCESS, LEASE));
  }

  /** A producer, a worker and an operator in one, with a mind of its own. */
  private final class Caller {
    private final long client;
    private final SplittableRandom random;
    private final List<LeasedJob> held = new ArrayList<>();
    private long sequence;

    Caller(long client, SplittableRandom random) {
      this.client = client;
      this.random = random;
    }

    void live(int steps) {
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> enqueue();
          case 3, 4 -> dequeue();
          case 5, 6 -> ack();
          case 7 -> extend();
          case 8 -> operate();
          default -> tend();
        }
      }
    }

    private CallId call() {
      return new CallId(client, ++sequence);
    }

    /** Repeats what may have happened, but not for ever: a process may die. */
    private <T> void attempt(Supplier<T> action, Consumer<T> then) {
      for (int i = 0; i < 2; i++) {
        try {
          then.accept(action.get());
          return;
        } catch (StorageException e) {
          assertThat(e.isTransient()).as(e.getMessage()).isTrue();
        }
      }
    }

    private void enqueue() {
      List<NewJob> jobs = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        jobs.add(job());
      }
      CallId call = call();
      Instant now = time.now();
      attempt(() -> storage.enqueue(call, jobs, now), receipts -> {});
    }

    private NewJob job() {
      JobId id = new JobId(1, ids.incrementAndGet());
      NewJob.Builder job =
          NewJob.builder(id, "type", random.nextInt(3) == 0 ? "r" : "q", Bytes.utf8("p" + id));
      switch (random.nextInt(8)) {
        case 0 -> job.priority(random.nextInt(3));
        case 1 -> job.runAt(time.now().plusSeconds(random.nextInt(20)));
        case 2 -> job.key(new JobKey("k" + random.nextInt(3), KeyPolicy.whileUnfinished()));
        case 3 -> job.key(new JobKey("w" + random.nextInt(3), KeyPolicy.whileWaiting()));
        case 4 -> job.lifo(true);
        case 5 -> job.group("g" + random.nextInt(2));
        case 6 -> job.deadline(time.now().plusSeconds(20));
        default ->
            job.dependencies(
                Dependencies.on(List.of(new JobId(1, Math.max(1, id.low() - 3))))
                    .onMissing(Dependencies.OnMissing.COUNT_AS_DONE));
      }
      return job.build();
    }

    private void dequeue() {
      int count = 1 + random.nextInt(4);
      Instant now = time.now();
      List<Demand> demands = List.of(new Demand("q", count), new Demand("r", count));
      DequeueRequest request =
          new DequeueRequest(
              "w" + client, client, now.plus(LEASE), demands, count, Long.MAX_VALUE, false, 0);
      CallId call = call();
      attempt(
          () -> storage.dequeue(call, request, now),
          reply -> {
            for (LeasedJob job : reply.jobs()) {
              history.add(new Entry.HandlerStarted(Entry.LeaseRef.of(job.lease())));
              held.add(job);
            }
          });
    }

    private void ack() {
      List<Ack> acks = new ArrayList<>();
      while (!held.isEmpty() && acks.size() < 3) {
        LeasedJob job = held.remove(random.nextInt(held.size()));
        history.add(new Entry.HandlerEnded(Entry.LeaseRef.of(job.lease())));
        acks.add(ack(job));
      }
      CallId call = call();
      Instant now = time.now();
      attempt(() -> storage.ack(call, acks, now), receipts -> {});
    }

    private Ack ack(LeasedJob job) {
      return switch (random.nextInt(8)) {
        case 0 -> new Ack.Retry(job.lease(), time.now().plusSeconds(3), ErrorInfo.of("T", "t"));
        case 1 -> new Ack.Released(job.lease(), null, "again");
        case 2 -> new Ack.Dead(job.lease(), ErrorInfo.of("T", "t"));
        case 3 -> new Ack.Completed(job.lease(), Bytes.EMPTY, Duration.ofHours(1), List.of(job()));
        default -> new Ack.Completed(job.lease());
      };
    }

    private void extend() {
      List<LeaseUse> uses =
          held.stream().map(job -> new LeaseUse(job.lease(), random.nextBoolean())).toList();
      Instant now = time.now();
      attempt(() -> storage.extend(uses, now.plus(LEASE), now), receipts -> {});
    }

    private void operate() {
      JobId id = new JobId(1, 1 + random.nextLong(ids.get() + 1));
      Administration operator = storage.capability(Administration.class).orElseThrow();
      Instant now = time.now();
      switch (random.nextInt(7)) {
        case 0 -> attempt(() -> operator.cancel(List.of(id), now), receipts -> {});
        case 1 -> attempt(() -> operator.delete(List.of(id), now), receipts -> {});
        case 2 ->
            attempt(() -> operator.reschedule(List.of(id), now.plusSeconds(4), now), all -> {});
        case 3 -> attempt(() -> operator.reprioritise(List.of(id), 2, now), receipts -> {});
        case 4 -> attempt(() -> operator.replay(List.of(id), now), receipts -> {});
        default -> held.removeIf(job -> random.nextInt(10) == 0);
      }
    }

    private void tend() {
      time.advance(Duration.ofSeconds(random.nextInt(6)));
      Instant now = time.now();
      attempt(() -> storage.maintain(100, now), done -> {});
    }
  }
}
