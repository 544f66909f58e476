package dev.noria.tck.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.ErrorInfo;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.Durability;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.Inspection;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Registers;
import dev.noria.storage.StorageException;
import dev.noria.storage.Transfer;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.Entry.LeaseRef;
import dev.noria.tck.history.FinalState;
import dev.noria.tck.history.History;
import dev.noria.tck.history.HistoryChecker;
import dev.noria.tck.history.Promise;
import dev.noria.tck.history.Verdict;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RecordingStorageTest {
  private final AtomicLong nanos = new AtomicLong();
  private final History history = History.inMemory("p", nanos::incrementAndGet);
  private final ReferenceStorage inner = ReferenceStorage.create();
  private final FaultyStorage faulty = FaultyStorage.over(inner);
  private final RecordingStorage storage = RecordingStorage.over(faulty, history);
  private final Bench bench = new Bench(storage);

  @AfterEach
  void close() {
    storage.close();
  }

  private List<Entry> entries() {
    return history.lines().stream().map(History.Line::entry).toList();
  }

  private <T extends Entry> List<T> entries(Class<T> type) {
    return entries().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private <T extends Capability> T capability(Class<T> type) {
    return storage.capability(type).orElseThrow();
  }

  private Verdict verdict() {
    FinalState end = FinalState.read(inner, history.nanos(), bench.now());
    return HistoryChecker.check(history, end, Promise.of(Durability.PROCESS, Bench.LEASE));
  }

  private void valid() {
    Verdict verdict = verdict();
    assertThat(verdict.valid()).as(verdict.explain()).isTrue();
  }

  @Test
  void enqueue_saysSentBeforeAndAnsweredAfter() {
    NewJob job = bench.enqueued(bench.job());
    CallId call = new CallId(5, 1);
    assertThat(entries())
        .containsExactly(
            Entry.EnqueueSent.of(call, job, bench.now()),
            Entry.EnqueueAnswered.of(call, job.id(), EnqueueReceipt.enqueued(job.id())),
            new Entry.CallAnswered(call));
    valid();
  }

  @Test
  void enqueue_brokenCalls_sayWhetherTheOutcomeIsKnown() {
    faulty.with(Faults.script(Fault.REFUSED, Fault.REPLY_LOST));
    assertThatThrownBy(() -> bench.enqueued(bench.job())).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> bench.enqueued(bench.job())).isInstanceOf(StorageException.class);
    assertThat(entries(Entry.CallFailed.class))
        .containsExactly(
            new Entry.CallFailed(new CallId(5, 1), false),
            new Entry.CallFailed(new CallId(5, 2), true));
    valid();
    assertThat(verdict().count(Verdict.Kind.RECOVERED)).isEqualTo(1);
  }

  @Test
  void exchange_saysJobsAndAcks() {
    bench.enqueued(bench.job());
    LeasedJob job = bench.dequeued();
    bench.ack(new Ack.Completed(job.lease()));
    LeaseRef lease = LeaseRef.of(job.lease());
    assertThat(entries(Entry.Dequeued.class))
        .containsExactly(
            Entry.Dequeued.of(new CallId(5, 2), job, bench.now().plus(Bench.LEASE), bench.now()));
    assertThat(entries(Entry.AckAnswered.class))
        .containsExactly(new Entry.AckAnswered(new CallId(5, 3), lease, AckReceipt.Status.APPLIED));
    valid();
  }

  @Test
  void exchange_followUps_areKnownWithTheirAck() {
    bench.enqueued(bench.job());
    LeasedJob job = bench.dequeued();
    NewJob next = bench.job();
    NewJob never = bench.job();
    bench.ack(new Ack.Completed(job.lease(), null, null, List.of(next)));
    bench.ack(new Ack.Completed(job.lease(), null, null, List.of(never)));
    assertThat(entries(Entry.EnqueueAnswered.class))
        .extracting(Entry.EnqueueAnswered::job, Entry.EnqueueAnswered::status)
        .contains(
            tuple(next.id(), EnqueueReceipt.Status.ENQUEUED),
            tuple(never.id(), EnqueueReceipt.Status.REJECTED));
    valid();
  }

  @Test
  void exchange_endedJobs_areSaid() {
    NewJob late = bench.job(job -> job.deadline(bench.now()));
    bench.enqueued(late);
    bench.time.advance(Duration.ofSeconds(1));
    storage.dequeue(bench.call(), bench.request(1), bench.now());
    assertThat(entries(Entry.Ended.class)).extracting(Entry.Ended::job).containsExactly(late.id());
    valid();
  }

  @Test
  void extend_saysWhatHolds_butNotOfAbandonedLeases() {
    bench.enqueued(bench.job());
    bench.enqueued(bench.job());
    LeasedJob kept = bench.dequeued();
    LeasedJob abandoned = bench.dequeued();
    storage.extend(
        List.of(new LeaseUse(kept.lease(), true), LeaseUse.abandoned(abandoned.lease())),
        bench.now().plusSeconds(60),
        bench.now());
    assertThat(entries(Entry.ExtendSent.class)).hasSize(2);
    assertThat(entries(Entry.ExtendAnswered.class))
        .containsExactly(
            new Entry.ExtendAnswered(
                LeaseRef.of(kept.lease()),
                ExtendReceipt.Status.EXTENDED,
                bench.now().plusSeconds(60)));
  }

  @Test
  void maintain_saysWhatItTookBack() {
    NewJob job = bench.enqueued(bench.job());
    bench.dequeued();
    bench.time.advance(Bench.LEASE);
    storage.maintain(100, bench.now());
    assertThat(entries(Entry.Reclaimed.class))
        .extracting(Entry.Reclaimed::job)
        .containsExactly(job.id());
    assertThat(bench.dequeued().id()).isEqualTo(job.id());
    valid();
    assertThat(verdict().count(Verdict.Kind.REDELIVERY_LEGAL)).isEqualTo(1);
  }

  @Test
  void operator_isHeard() {
    NewJob job = bench.enqueued(bench.job());
    Administration operator = capability(Administration.class);
    operator.pause("q", bench.now());
    operator.cancel(List.of(job.id()), bench.now());
    operator.replay(List.of(job.id()), bench.now());
    operator.resume("q", bench.now());
    assertThat(bench.dequeued().generation()).isEqualTo(1);
    operator.clear("q", 10, bench.now());
    assertThat(entries(Entry.ChangeAnswered.class))
        .extracting(Entry.ChangeAnswered::status)
        .containsOnly(Administration.ChangeStatus.APPLIED)
        .hasSize(2);
    assertThat(entries(Entry.Paused.class)).hasSize(1);
    assertThat(entries(Entry.Resuming.class)).hasSize(1);
    assertThat(entries(Entry.SweepSent.class)).hasSize(1);
    valid();
  }

  @Test
  void operator_refusedChange_countsAsNotDone() {
    NewJob job = bench.enqueued(bench.job());
    faulty.with(Faults.script(Fault.REFUSED));
    Administration operator = capability(Administration.class);
    assertThatThrownBy(() -> operator.delete(List.of(job.id()), bench.now()))
        .isInstanceOf(StorageException.class);
    inner.delete(List.of(job.id()), bench.now());
    assertThat(verdict().count(Verdict.Kind.LOST)).isEqualTo(1);
  }

  @Test
  void registers_jobsOfAnAdvance_areHeard() {
    Registers registers = capability(Registers.class);
    NewJob job = bench.job();
    NewJob late = bench.job();
    Bytes value = Bytes.utf8("tick");
    assertThat(registers.advance(bench.call(), "s", 0, value, List.of(job), bench.now()))
        .isPresent();
    assertThat(registers.advance(bench.call(), "s", 0, value, List.of(late), bench.now()))
        .isEmpty();
    assertThat(entries(Entry.EnqueueAnswered.class))
        .extracting(Entry.EnqueueAnswered::status)
        .containsExactly(EnqueueReceipt.Status.ENQUEUED, EnqueueReceipt.Status.REJECTED);
    valid();
  }

  @Test
  void transfer_restoredJobs_areHeard() {
    NewJob job = bench.enqueued(bench.job());
    var jobs = inner.find(Set.of(job.id()), EnumSet.allOf(Part.class));
    inner.delete(List.of(job.id()), bench.now());
    ReferenceStorage fresh = ReferenceStorage.create();
    try (RecordingStorage other = RecordingStorage.over(fresh, history)) {
      other.capability(Transfer.class).orElseThrow().restore(jobs, bench.now());
      assertThat(entries(Entry.EnqueueAnswered.class)).hasSize(2);
    }
  }

  @Test
  void otherCapabilities_passThrough() {
    assertThat(storage.capability(Inspection.class)).isPresent();
    assertThat(storage.capability(JdbcTransactions.class)).isEmpty();
  }

  /** A worker that retries unknown outcomes with the same call, as the kernel does. */
  private <T> T persistently(Supplier<T> action) {
    while (true) {
      try {
        return action.get();
      } catch (StorageException e) {
        assertThat(e.isTransient()).isTrue();
      }
    }
  }

  private void work(int jobs, Consumer<LeasedJob> handler) {
    for (int i = 0; i < jobs; i++) {
      NewJob job = bench.job();
      CallId call = bench.call();
      persistently(() -> storage.enqueue(call, List.of(job), bench.now()));
    }
    List<LeasedJob> taken;
    do {
      CallId call = bench.call();
      taken = persistently(() -> storage.dequeue(call, bench.request(3), bench.now())).jobs();
      taken.forEach(handler);
      bench.time.advance(Duration.ofSeconds(1));
    } while (!taken.isEmpty());
  }

  private void finish(LeasedJob job) {
    Ack ack =
        job.attempt() == 1 && job.id().low() % 3 == 0
            ? new Ack.Retry(job.lease(), bench.now(), ErrorInfo.of("TEST", "again"))
            : new Ack.Completed(job.lease());
    CallId call = bench.call();
    persistently(() -> storage.ack(call, List.of(ack), bench.now()));
  }

  @Test
  void wholeRun_withRandomFaults_isValid() {
    for (long seed = 1; seed <= 20; seed++) {
      faulty.with(Faults.random(seed, 300));
      work(30, this::finish);
    }
    valid();
    assertThat(verdict().jobs()).isEqualTo(600);
    assertThat(verdict().checked("I12").facts()).isGreaterThan(600);
  }

  @Test
  void wholeRun_jobRemovedBehindItsBack_isLost() {
    NewJob gone = bench.enqueued(bench.job());
    bench.enqueued(bench.job());
    inner.delete(List.of(gone.id()), bench.now());
    assertThat(verdict().findings(Verdict.Kind.LOST))
        .extracting(Verdict.Finding::job)
        .containsExactly(gone.id());
  }
}
