package dev.noria.tck.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.Inspection;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.Registers;
import dev.noria.storage.StorageException;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FaultyStorageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ReferenceStorage inner = ReferenceStorage.create();
  private final FaultyStorage storage = FaultyStorage.over(inner);
  private final Bench bench = new Bench(storage);

  @AfterEach
  void close() {
    storage.close();
  }

  /** What the call answered: "ok", or whether its outcome is unknown. */
  private String enqueue(NewJob job) {
    try {
      storage.enqueue(bench.call(), List.of(job), bench.now());
      return "ok";
    } catch (StorageException e) {
      assertThat(e.kind()).isEqualTo(StorageException.Kind.UNAVAILABLE);
      assertThat(e.isTransient()).isTrue();
      return e.outcomeUnknown() ? "unknown" : "refused";
    }
  }

  private boolean isStored(NewJob job) {
    return !inner.find(List.of(job.id()), Set.of()).isEmpty();
  }

  @Test
  void nothingSaid_passesEverythingThrough() {
    NewJob job = bench.enqueued(bench.job());
    assertThat(bench.dequeued().id()).isEqualTo(job.id());
    assertThat(storage.info()).isEqualTo(inner.info());
  }

  @Test
  void down_refusesEveryCallAndUpEndsIt() {
    storage.down();
    NewJob job = bench.job();
    assertThat(enqueue(job)).isEqualTo("refused");
    assertThat(isStored(job)).isFalse();
    assertThatThrownBy(() -> storage.maintain(1, bench.now())).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> storage.find(List.of(), Set.of()))
        .isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> storage.extend(List.of(), bench.now(), bench.now()))
        .isInstanceOf(StorageException.class);
    assertThatThrownBy(bench::dequeued).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> capability(Inspection.class).queues())
        .isInstanceOf(StorageException.class);
    assertThat(storage.info()).isNotNull();
    storage.up();
    assertThat(enqueue(job)).isEqualTo("ok");
  }

  private <T extends Capability> T capability(Class<T> type) {
    return storage.capability(type).orElseThrow();
  }

  @Test
  void everyNthReplyLost_happensButIsUnknown() {
    storage.with(Faults.every(3, Fault.REPLY_LOST));
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      NewJob job = bench.job();
      answers.add(enqueue(job));
      assertThat(isStored(job)).isTrue();
    }
    assertThat(answers).containsExactly("ok", "ok", "unknown", "ok", "ok", "unknown");
  }

  @Test
  void replyLost_repeatOfTheSameCallGetsTheReply() {
    storage.with(Faults.script(Fault.REPLY_LOST));
    NewJob job = bench.job();
    CallId call = bench.call();
    assertThatThrownBy(() -> storage.enqueue(call, List.of(job), bench.now()))
        .isInstanceOf(StorageException.class);
    assertThat(storage.enqueue(call, List.of(job), bench.now()))
        .containsExactly(EnqueueReceipt.enqueued(job.id()));
  }

  @Test
  void everyNthRefused_doesNotHappenAndSaysSo() {
    storage.with(Faults.every(2, Fault.REFUSED));
    NewJob first = bench.job();
    NewJob second = bench.job();
    assertThat(enqueue(first)).isEqualTo("ok");
    assertThat(enqueue(second)).isEqualTo("refused");
    assertThat(isStored(second)).isFalse();
  }

  @Test
  void requestLost_doesNotHappenAndIsUnknown() {
    storage.with(Faults.script(Fault.REQUEST_LOST));
    NewJob job = bench.job();
    assertThat(enqueue(job)).isEqualTo("unknown");
    assertThat(isStored(job)).isFalse();
  }

  @Test
  void script_isUsedUpInOrder() {
    storage.with(Faults.script(Fault.NONE, Fault.REFUSED, Fault.REPLY_LOST));
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(enqueue(bench.job()));
    }
    assertThat(answers).containsExactly("ok", "refused", "unknown", "ok");
  }

  @Test
  void only_leavesOtherOperationsAloneAndDoesNotCountThem() {
    storage.with(Faults.every(2, Fault.REFUSED).only(Operation.MAINTAIN));
    assertThat(enqueue(bench.job())).isEqualTo("ok");
    assertThat(enqueue(bench.job())).isEqualTo("ok");
    storage.maintain(1, bench.now());
    assertThatThrownBy(() -> storage.maintain(1, bench.now())).isInstanceOf(StorageException.class);
  }

  private List<String> answersOf(long seed) {
    storage.with(Faults.random(seed, 300));
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(enqueue(bench.job()));
    }
    return answers;
  }

  @Test
  void random_sameSeedSameFaults() {
    List<String> once = answersOf(42);
    assertThat(answersOf(42)).isEqualTo(once);
    assertThat(answersOf(43)).isNotEqualTo(once);
    assertThat(once).contains("ok", "refused", "unknown");
    assertThat(once.stream().filter("ok"::equals).count()).isBetween(110L, 170L);
  }

  @Test
  void calls_countsByOperationBrokenOnesIncluded() {
    enqueue(bench.job());
    storage.down();
    enqueue(bench.job());
    assertThat(storage.calls(Operation.ENQUEUE)).isEqualTo(2);
    assertThat(storage.calls(Operation.EXCHANGE)).isZero();
  }

  @Test
  void capability_isForwardedAndBreaksToo() {
    assertThat(storage.capability(JdbcTransactions.class)).isEmpty();
    Registers registers = capability(Registers.class);
    assertThat(registers.get("name", bench.now())).isEmpty();
    assertThat(registers).isEqualTo(capability(Registers.class));
    storage.with(Faults.script(Fault.REPLY_LOST));
    assertThatThrownBy(
            () -> registers.compareAndSet("name", 0, Bytes.utf8("value"), null, bench.now()))
        .isInstanceOf(StorageException.class);
    assertThat(registers.get("name", bench.now())).isPresent();
    assertThat(storage.calls(Operation.CAPABILITY)).isEqualTo(3);
  }

  @Test
  void capability_ownExceptionsComeThroughAsTheyAre() {
    Registers registers = capability(Registers.class);
    inner.close();
    assertThatThrownBy(() -> registers.get("name", bench.now()))
        .isInstanceOfSatisfying(
            StorageException.class,
            broken -> assertThat(broken.kind()).isEqualTo(StorageException.Kind.INTERNAL));
  }

  @Test
  void holdBefore_callWaitsAndHasNotHappened() throws Exception {
    NewJob job = bench.job();
    try (Hold hold = storage.holdBefore(Operation.ENQUEUE)) {
      CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> enqueue(job));
      hold.awaitArrival(PATIENCE);
      assertThat(isStored(job)).isFalse();
      hold.release();
      assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("ok");
    }
  }

  @Test
  void holdAfter_callHasHappenedButItsReplyWaits() throws Exception {
    NewJob job = bench.job();
    try (Hold hold = storage.holdAfter(Operation.ENQUEUE)) {
      CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> enqueue(job));
      hold.awaitArrival(PATIENCE);
      assertThat(isStored(job)).isTrue();
      assertThat(answer).isNotDone();
      hold.release();
      assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("ok");
    }
  }
}
