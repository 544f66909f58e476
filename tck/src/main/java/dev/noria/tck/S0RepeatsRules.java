package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Calls that are repeated because nobody knows what became of them (S0.4). */
abstract class S0RepeatsRules extends Rules {
  private static final long CLIENT = 0x7EAF_0000_1234L;

  private static CallId call(long sequence) {
    return new CallId(CLIENT, sequence);
  }

  private List<EnqueueReceipt> enqueue(long sequence, NewJob... jobs) {
    return rig().storage().enqueue(call(sequence), List.of(jobs), rig().now());
  }

  private Exchange exchange(long sequence, List<Ack> acks, DequeueRequest request) {
    return rig().storage().exchange(call(sequence), acks, request, rig().now());
  }

  @Test
  void s0_4_aRepeatedEnqueueGetsTheSameReply() {
    NewJob job = rig().job();
    List<EnqueueReceipt> first = enqueue(1, job);
    assertThat(first).containsExactly(EnqueueReceipt.enqueued(job.id()));
    assertThat(enqueue(1, job)).isEqualTo(first);
    assertThat(leasedIds(rig().dequeue(10))).containsExactly(job.id());
  }

  @Test
  void s0_4_aRepeatedEnqueueDoesNotReviveAJobThatIsGone() {
    NewJob job = rig().job();
    List<EnqueueReceipt> first = enqueue(1, job);
    rig().complete(rig().dequeueOne());
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(enqueue(1, job)).isEqualTo(first);
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(rig().dequeue(10)).isEmpty();
  }

  @Test
  void s0_4_aRepeatedEnqueueRepeatsReceiptsThatAreNotOk() {
    JobKey keep = new JobKey("keep", KeyPolicy.whileUnfinished());
    JobKey debounce = new JobKey("debounce", KeyPolicy.whileUnfinished().replacing());
    NewJob holder = rig().enqueued(rig().job(job -> job.key(keep)));
    NewJob waiting = rig().enqueued(rig().job(job -> job.key(debounce)));
    Dependencies missing = Dependencies.on(List.of(rig().id()));
    NewJob[] jobs = {
      rig().job(),
      rig().job(job -> job.key(keep)),
      rig().job(job -> job.key(debounce)),
      rig().job(job -> job.dependencies(missing)),
      holder
    };
    List<EnqueueReceipt> first = enqueue(4, jobs);
    assertThat(first)
        .extracting(EnqueueReceipt::status)
        .containsExactly(
            EnqueueReceipt.Status.ENQUEUED,
            EnqueueReceipt.Status.DUPLICATE,
            EnqueueReceipt.Status.REPLACED,
            EnqueueReceipt.Status.REJECTED,
            EnqueueReceipt.Status.DUPLICATE);
    assertThat(enqueue(4, jobs)).isEqualTo(first);
    assertThat(rig().dequeue(10)).hasSize(3);
    assertThat(rig().find(waiting.id())).isPresent();
  }

  @Test
  void s0_4_aRepeatedReplaceDoesNotUndoALaterOne() {
    KeyPolicy policy = KeyPolicy.whileUnfinished().replacing();
    JobKey key = new JobKey("debounce", policy);
    NewJob holder = rig().enqueued(rig().job(job -> job.key(key)));
    NewJob second = rig().job(job -> job.key(key).payload(Bytes.utf8("second")));
    List<EnqueueReceipt> first = enqueue(1, second);
    rig().enqueue(rig().job(job -> job.key(key).payload(Bytes.utf8("third"))));
    assertThat(enqueue(1, second)).isEqualTo(first);
    assertThat(rig().stored(holder.id()).job().payload()).isEqualTo(Bytes.utf8("third"));
  }

  @Test
  void s0_4_aRepeatedDequeueGetsTheSameJobs() {
    rig().enqueue(rig().jobs(5));
    DequeueRequest request = rig().main().request(Rig.QUEUE, 3);
    Exchange first = exchange(1, List.of(), request);
    assertThat(first.jobs()).hasSize(3);
    assertThat(exchange(1, List.of(), request).jobs()).isEqualTo(first.jobs());
    assertThat(rig().dequeue(10)).hasSize(2);
    first.jobs().forEach(job -> assertThat(rig().complete(job).isApplied()).isTrue());
  }

  @Test
  void s0_4_aRepeatedDequeueBringsPayloadsAndHeadersAgain() {
    byte[] payload = new byte[100_000];
    new Random(42).nextBytes(payload);
    rig()
        .enqueued(
            rig()
                .job(
                    job -> job.payload(Bytes.copyOf(payload)).header("trace", "00-ab").group("g")));
    DequeueRequest request = rig().main().request(Rig.QUEUE, 1);
    Exchange first = exchange(1, List.of(), request);
    LeasedJob again = exchange(1, List.of(), request).jobs().get(0);
    assertThat(again).isEqualTo(first.jobs().get(0));
    assertThat(again.payload()).isEqualTo(Bytes.copyOf(payload));
    assertThat(again.headers()).containsEntry("trace", "00-ab");
  }

  @Test
  void s0_4_aRepeatedExchangeHasNoSecondEffect() {
    rig().enqueue(rig().jobs(6));
    List<LeasedJob> held = rig().dequeue(3);
    List<Ack> acks = new ArrayList<>();
    acks.add(new Ack.Completed(held.get(0).lease()));
    acks.add(new Ack.Retry(held.get(1).lease(), rig().now().plusSeconds(9), Rig.error("once")));
    acks.add(new Ack.Dead(held.get(2).lease(), Rig.error("end")));
    DequeueRequest request = rig().main().request(Rig.QUEUE, 2);
    Exchange first = exchange(7, acks, request);
    assertThat(first.receipts()).allMatch(AckReceipt::isApplied);
    assertThat(first.jobs()).hasSize(2);
    Exchange again = exchange(7, acks, request);
    assertThat(again.receipts()).isEqualTo(first.receipts());
    assertThat(again.jobs()).isEqualTo(first.jobs());
    assertThat(rig().stored(held.get(1).id()).history()).hasSize(1);
    assertThat(rig().stored(held.get(2).id()).history()).hasSize(1);
    assertThat(rig().dequeue(10)).hasSize(1);
  }

  @Test
  void s0_4_aRepeatedExchangeRepeatsStaleReceipts() {
    rig().enqueue(rig().jobs(2));
    List<LeasedJob> held = rig().dequeue(2);
    rig().complete(held.get(0));
    List<Ack> acks =
        List.of(new Ack.Completed(held.get(0).lease()), new Ack.Completed(held.get(1).lease()));
    DequeueRequest request = rig().main().request(Rig.QUEUE, 2);
    Exchange first = exchange(1, acks, request);
    assertThat(first.receipts())
        .containsExactly(AckReceipt.stale(held.get(0).id()), AckReceipt.applied(held.get(1).id()));
    assertThat(exchange(1, acks, request).receipts()).isEqualTo(first.receipts());
  }

  @Test
  void s0_4_aRepeatedRetryDoesNotEndTheNextAttempt() {
    rig().enqueued(rig().job());
    LeasedJob held = rig().dequeueOne();
    List<Ack> retry = List.of(new Ack.Retry(held.lease(), rig().now(), Rig.error("once")));
    DequeueRequest nothing = DequeueRequest.nothing("worker", 1, rig().now());
    Exchange first = exchange(1, retry, nothing);
    LeasedJob next = rig().dequeueOne();
    assertThat(exchange(1, retry, nothing).receipts()).isEqualTo(first.receipts());
    assertThat(rig().state(held.id())).isEqualTo(JobState.RUNNING);
    assertThat(rig().complete(next).isApplied()).isTrue();
  }

  @Test
  void s0_4_aLowerSequenceIsRefusedAndChangesNothing() {
    enqueue(5, rig().job());
    NewJob late = rig().job();
    assertThatThrownBy(() -> enqueue(4, late)).satisfies(S0RepeatsRules::isConflict);
    DequeueRequest request = rig().main().request(Rig.QUEUE, 1);
    assertThatThrownBy(() -> exchange(3, List.of(), request)).satisfies(S0RepeatsRules::isConflict);
    assertThat(rig().find(late.id())).isEmpty();
    assertThat(rig().dequeue(10)).hasSize(1);
  }

  private static void isConflict(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(StorageException.Kind.CONFLICT);
              assertThat(e.outcomeUnknown()).isFalse();
            });
  }

  @Test
  void s0_4_enqueueAndExchangeShareTheSequenceOfAClient() {
    NewJob job = rig().job();
    enqueue(1, job);
    Exchange taken = exchange(2, List.of(), rig().main().request(Rig.QUEUE, 1));
    assertThat(taken.jobs()).hasSize(1);
    assertThatThrownBy(() -> enqueue(1, job)).satisfies(S0RepeatsRules::isConflict);
  }

  @Test
  void s0_4_sequencesMayHaveGapsAndClientsAreIndependent() {
    enqueue(10, rig().job());
    enqueue(1_000_000_007L, rig().job());
    CallId other = new CallId(CLIENT + 1, 3);
    NewJob job = rig().job();
    assertThat(rig().storage().enqueue(other, List.of(job), rig().now()))
        .containsExactly(EnqueueReceipt.enqueued(job.id()));
    CallId negative = new CallId(Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(rig().storage().enqueue(negative, rig().jobs(1), rig().now()))
        .allMatch(EnqueueReceipt::isEnqueued);
    assertThat(rig().dequeue(10)).hasSize(4);
  }

  @Test
  void s0_4_anotherStorageOverThePlaceKnowsTheReply() {
    rig().needsSharing();
    NewJob job = rig().job();
    List<EnqueueReceipt> receipts = enqueue(1, job);
    JobStorage second = rig().openAgain();
    assertThat(second.enqueue(call(1), List.of(job), rig().now())).isEqualTo(receipts);
    DequeueRequest request = rig().main().request(Rig.QUEUE, 1);
    Exchange taken = exchange(2, List.of(), request);
    assertThat(taken.jobs()).hasSize(1);
    assertThat(second.exchange(call(2), List.of(), request, rig().now()).jobs())
        .isEqualTo(taken.jobs());
    assertThatThrownBy(() -> second.enqueue(call(1), List.of(job), rig().now()))
        .satisfies(S0RepeatsRules::isConflict);
  }

  @Test
  void s0_4_theReplySurvivesCloseAndOpen() {
    rig().needsSurvival();
    rig().enqueue(rig().jobs(4));
    DequeueRequest request = rig().main().request(Rig.QUEUE, 3);
    Exchange first = exchange(2, List.of(), request);
    JobStorage reopened = rig().reopen();
    Exchange again = reopened.exchange(call(2), List.of(), request, rig().now());
    assertThat(again.jobs()).isEqualTo(first.jobs()).hasSize(3);
    assertThat(rig().dequeue(10)).hasSize(1);
    assertThatThrownBy(() -> enqueue(1, rig().job())).satisfies(S0RepeatsRules::isConflict);
  }

  @Test
  void s0_4_theRepeatedFullBatchGetsTheSameReply() {
    List<NewJob> jobs = rig().jobs(1_000);
    List<EnqueueReceipt> first = rig().storage().enqueue(call(1), jobs, rig().now());
    assertThat(rig().storage().enqueue(call(1), jobs, rig().now())).isEqualTo(first);
    DequeueRequest request = rig().main().request(Rig.QUEUE, 1_000);
    Exchange taken = exchange(2, List.of(), request);
    assertThat(taken.jobs()).hasSize(1_000);
    assertThat(exchange(2, List.of(), request).jobs()).isEqualTo(taken.jobs());
    assertThat(rig().dequeue(10)).isEmpty();
  }
}
