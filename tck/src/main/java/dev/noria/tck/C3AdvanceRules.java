package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Registers;
import dev.noria.storage.Registers.Advance;
import dev.noria.storage.Registers.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A register and jobs that move together (C3.5, I10). */
abstract class C3AdvanceRules extends CapabilityRules<Registers> {
  private static final String NAME = "cron:nightly";

  C3AdvanceRules() {
    super(Registers.class);
  }

  private Register register() {
    return capability().compareAndSet(NAME, 0, Bytes.utf8("0"), null, rig().now()).orElseThrow();
  }

  private Optional<Register> current() {
    return capability().get(NAME, rig().now());
  }

  private Optional<Advance> advance(CallId call, long version, String value, NewJob... jobs) {
    return capability().advance(call, NAME, version, Bytes.utf8(value), List.of(jobs), rig().now());
  }

  @Test
  void c3_5_theRegisterMovesAndTheJobsAreThere() {
    Register before = register();
    NewJob ready = rig().job();
    NewJob later = rig().job(job -> job.runAt(rig().now().plusSeconds(9)));
    Advance advance =
        advance(rig().client().call(), before.version(), "1", ready, later).orElseThrow();
    assertThat(advance.receipts())
        .containsExactly(EnqueueReceipt.enqueued(ready.id()), EnqueueReceipt.enqueued(later.id()));
    assertThat(advance.register().version()).isGreaterThan(before.version());
    assertThat(advance.register().value()).isEqualTo(Bytes.utf8("1"));
    assertThat(current()).contains(advance.register());
    assertThat(rig().stored(ready.id()).job()).isEqualTo(ready);
    assertThat(rig().state(later.id())).isEqualTo(JobState.SCHEDULED);
    assertThat(rig().dequeueOne().id()).isEqualTo(ready.id());
  }

  @Test
  void c3_5_zeroCreatesTheRegister() {
    NewJob job = rig().job();
    Advance advance = advance(rig().client().call(), 0, "1", job).orElseThrow();
    assertThat(current()).contains(advance.register());
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
  }

  @Test
  void c3_5_withAnotherVersionNeitherHappens() {
    Register before = register();
    NewJob job = rig().job();
    assertThat(advance(rig().client().call(), before.version() + 1, "1", job)).isEmpty();
    assertThat(advance(rig().client().call(), 0, "1", job)).isEmpty();
    assertThat(current()).contains(before);
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(rig().dequeue(1)).isEmpty();
  }

  @Test
  void c3_5_withoutJobsTheRegisterMovesAlone() {
    Advance advance = advance(rig().client().call(), register().version(), "1").orElseThrow();
    assertThat(advance.receipts()).isEmpty();
    assertThat(current()).contains(advance.register());
  }

  @Test
  void c3_5_aDuplicateJobDoesNotStopTheRegister() {
    JobKey key = new JobKey("k", KeyPolicy.whileUnfinished());
    NewJob holder = rig().enqueued(rig().job(job -> job.key(key)));
    NewJob duplicate = rig().job(job -> job.key(key));
    NewJob fresh = rig().job();
    Advance advance =
        advance(rig().client().call(), register().version(), "1", duplicate, fresh).orElseThrow();
    assertThat(advance.receipts())
        .containsExactly(
            EnqueueReceipt.duplicate(holder.id(), JobState.READY),
            EnqueueReceipt.enqueued(fresh.id()));
    assertThat(current()).contains(advance.register());
  }

  @Test
  void c3_5_theSameCallGetsTheSameReply() {
    Register before = register();
    Rig.Client client = rig().client();
    NewJob job = rig().job();
    CallId call = client.call();
    Optional<Advance> first = advance(call, before.version(), "1", job);
    assertThat(first).isPresent();
    assertThat(advance(call, before.version(), "1", job)).isEqualTo(first);
    assertThat(current()).map(Register::version).contains(first.orElseThrow().register().version());
    assertThat(rig().dequeue(10)).hasSize(1);
  }

  @Test
  void c3_5_aRepeatedRefusalStaysOne() {
    Register before = register();
    CallId call = rig().client().call();
    NewJob job = rig().job();
    assertThat(advance(call, before.version() + 1, "1", job)).isEmpty();
    assertThat(advance(call, before.version() + 1, "1", job)).isEmpty();
    assertThat(current()).contains(before);
    assertThat(rig().find(job.id())).isEmpty();
  }

  @Test
  void c3_5_oneOfEightAdvancesWins() {
    Register register = register();
    for (int tick = 1; tick <= 25; tick++) {
      long version = register.version();
      String value = Integer.toString(tick);
      List<Callable<Optional<Advance>>> schedulers = new ArrayList<>();
      List<NewJob> jobs = rig().jobs(8);
      for (NewJob job : jobs) {
        CallId call = rig().client().call();
        schedulers.add(() -> advance(call, version, value, job));
      }
      List<Advance> winners = Crew.run(schedulers).stream().flatMap(Optional::stream).toList();
      assertThat(winners).as("winners of tick " + tick).hasSize(1);
      register = winners.get(0).register();
      assertThat(current()).contains(register);
      List<LeasedJob> leased = rig().dequeue(10);
      assertThat(leased)
          .extracting(LeasedJob::id)
          .containsExactly(winners.get(0).receipts().get(0).id());
    }
  }

  @Test
  void c3_5_anAdvanceAndAWriteNeverBothWin() {
    for (int round = 0; round < 25; round++) {
      String value = "x" + round;
      long version = current().map(Register::version).orElse(0L);
      CallId call = rig().client().call();
      NewJob job = rig().job();
      List<Callable<Boolean>> both =
          List.of(
              () -> advance(call, version, value, job).isPresent(),
              () ->
                  capability()
                      .compareAndSet(NAME, version, Bytes.utf8("y"), null, rig().now())
                      .isPresent());
      List<Boolean> won = Crew.run(both);
      assertThat(won).containsExactlyInAnyOrder(true, false);
      assertThat(rig().dequeue(10)).hasSize(won.get(0) ? 1 : 0);
    }
  }
}
