package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Enqueue and ack in the caller's transaction (C7). */
abstract class C7JdbcTransactionsRules extends CapabilityRules<JdbcTransactions> {
  private static final JobKey KEY = new JobKey("k", KeyPolicy.whileUnfinished());

  C7JdbcTransactionsRules() {
    super(JdbcTransactions.class);
  }

  /** A connection to the place of the rig's storage. */
  abstract Connection connection() throws SQLException;

  /** A connection to another database. */
  abstract Connection foreignConnection() throws SQLException;

  private Connection transaction() throws SQLException {
    Connection connection = connection();
    connection.setAutoCommit(false);
    return connection;
  }

  private List<EnqueueReceipt> enqueue(Connection connection, NewJob... jobs) {
    return capability().enqueue(connection, List.of(jobs), rig().now());
  }

  private AckReceipt ack(Connection connection, Ack ack) {
    List<AckReceipt> receipts = capability().ack(connection, List.of(ack), rig().now());
    assertThat(receipts).hasSize(1);
    return receipts.get(0);
  }

  private LeasedJob leased() {
    rig().enqueued(rig().job(job -> job.retention(Stage.KEPT)));
    return rig().dequeueOne();
  }

  @Test
  void c7_1_aCommittedEnqueueIsThere() throws SQLException {
    NewJob job = rig().job(builder -> builder.key(KEY).header("h", "v"));
    try (Connection connection = transaction()) {
      assertThat(enqueue(connection, job)).containsExactly(EnqueueReceipt.enqueued(job.id()));
      assertThat(rig().find(job.id())).isEmpty();
      connection.commit();
    }
    assertThat(rig().stored(job.id()).job()).isEqualTo(job);
    assertThat(rig().dequeueOne().id()).isEqualTo(job.id());
  }

  @Test
  void c7_1_aRollbackLeavesNothingNotEvenAKey() throws SQLException {
    NewJob job = rig().job(builder -> builder.key(KEY));
    NewJob scheduled = rig().job(builder -> builder.runAt(rig().now().plusSeconds(1)));
    try (Connection connection = transaction()) {
      enqueue(connection, job, scheduled);
      connection.rollback();
    }
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(rig().find(scheduled.id())).isEmpty();
    rig().time.advance(SECOND);
    assertThat(rig().dequeue(10)).isEmpty();
    rig().enqueued(rig().job(builder -> builder.key(KEY)));
    assertThat(rig().enqueue(scheduled)).containsExactly(EnqueueReceipt.enqueued(scheduled.id()));
  }

  @Test
  void c7_1_theTransactionSeesItsOwnJobs() throws SQLException {
    NewJob first = rig().job(builder -> builder.key(KEY));
    NewJob second = rig().job(builder -> builder.key(KEY));
    NewJob dependent =
        rig().job(builder -> builder.dependencies(Dependencies.on(List.of(first.id()))));
    try (Connection connection = transaction()) {
      enqueue(connection, first);
      EnqueueReceipt duplicate = enqueue(connection, second).get(0);
      assertThat(duplicate.status()).isEqualTo(EnqueueReceipt.Status.DUPLICATE);
      assertThat(duplicate.id()).isEqualTo(first.id());
      assertThat(enqueue(connection, dependent).get(0).isEnqueued()).isTrue();
      connection.commit();
    }
    assertThat(rig().state(dependent.id())).isEqualTo(JobState.BLOCKED);
    rig().complete(rig().dequeueOne());
    new Stage(rig()).settle();
    assertThat(rig().dequeueOne().id()).isEqualTo(dependent.id());
  }

  @Test
  void c7_1_aDuplicateIsAnswered() throws SQLException {
    NewJob holder = rig().enqueued(rig().job(builder -> builder.key(KEY)));
    NewJob fresh = rig().job();
    try (Connection connection = transaction()) {
      assertThat(enqueue(connection, rig().job(builder -> builder.key(KEY)), fresh))
          .containsExactly(
              EnqueueReceipt.duplicate(holder.id(), JobState.READY),
              EnqueueReceipt.enqueued(fresh.id()));
      connection.commit();
    }
    assertThat(rig().dequeue(10)).hasSize(2);
  }

  @Test
  void c7_2_effectAndAckHappenTogether() throws SQLException {
    LeasedJob job = leased();
    NewJob effect = rig().job(builder -> builder.queue("effect"));
    try (Connection connection = transaction()) {
      enqueue(connection, effect);
      assertThat(ack(connection, new Ack.Completed(job.lease())))
          .isEqualTo(AckReceipt.applied(job.id()));
      assertThat(rig().state(job.id())).isEqualTo(JobState.RUNNING);
      connection.commit();
    }
    assertThat(rig().state(job.id())).isEqualTo(JobState.COMPLETED);
    assertThat(rig().find(effect.id())).isPresent();
    assertThat(rig().complete(job)).isEqualTo(AckReceipt.stale(job.id()));
  }

  @Test
  void c7_2_aRollbackTakesTheAckBack() throws SQLException {
    LeasedJob job = leased();
    NewJob effect = rig().job(builder -> builder.queue("effect"));
    NewJob followUp = rig().job(builder -> builder.queue("effect"));
    try (Connection connection = transaction()) {
      enqueue(connection, effect);
      ack(connection, new Ack.Completed(job.lease(), null, null, List.of(followUp)));
      connection.rollback();
    }
    assertThat(rig().state(job.id())).isEqualTo(JobState.RUNNING);
    assertThat(rig().dequeue("effect", 10)).isEmpty();
    assertThat(rig().complete(job)).isEqualTo(AckReceipt.applied(job.id()));
  }

  @Test
  void c7_2_aStaleLeaseIsSaidSoAndTheEffectCanBeRolledBack() throws SQLException {
    LeasedJob job = leased();
    new Stage(rig()).crash();
    NewJob effect = rig().job(builder -> builder.queue("effect"));
    try (Connection connection = transaction()) {
      enqueue(connection, effect);
      assertThat(ack(connection, new Ack.Completed(job.lease())))
          .isEqualTo(AckReceipt.stale(job.id()));
      connection.rollback();
    }
    assertThat(rig().find(effect.id())).isEmpty();
    assertThat(rig().state(job.id())).isEqualTo(JobState.READY);
  }

  @Test
  void c7_2_dependentsOfAJobAckedInATransactionAreSettled() throws SQLException {
    LeasedJob job = leased();
    NewJob dependent =
        rig()
            .enqueued(
                rig().job(builder -> builder.dependencies(Dependencies.on(List.of(job.id())))));
    try (Connection connection = transaction()) {
      ack(connection, new Ack.Completed(job.lease()));
      connection.commit();
    }
    new Stage(rig()).settle();
    assertThat(rig().dequeueOne().id()).isEqualTo(dependent.id());
  }

  @Test
  void c7_inAutocommitEachCallIsATransaction() throws SQLException {
    LeasedJob job = leased();
    NewJob next = rig().job();
    try (Connection connection = connection()) {
      connection.setAutoCommit(true);
      enqueue(connection, next);
      assertThat(rig().find(next.id())).isPresent();
      ack(connection, new Ack.Completed(job.lease()));
      assertThat(rig().state(job.id())).isEqualTo(JobState.COMPLETED);
      assertThat(connection.getAutoCommit()).isTrue();
    }
  }

  @Test
  void c7_theConnectionStaysOpenAndItsTransactionTheCallers() throws SQLException {
    LeasedJob job = leased();
    try (Connection connection = transaction()) {
      enqueue(connection, rig().job(), rig().job());
      ack(connection, new Ack.Dead(job.lease(), Rig.error("x")));
      assertThat(connection.isClosed()).isFalse();
      assertThat(connection.getAutoCommit()).isFalse();
      connection.rollback();
      assertThat(rig().dequeue(10)).isEmpty();
      assertThat(rig().state(job.id())).isEqualTo(JobState.RUNNING);
      NewJob later = rig().job();
      enqueue(connection, later);
      connection.commit();
      assertThat(rig().dequeueOne().id()).isEqualTo(later.id());
    }
  }

  @Test
  void c7_anotherDatabaseIsRefused() throws SQLException {
    NewJob job = rig().job();
    LeasedJob leased = leased();
    try (Connection foreign = foreignConnection()) {
      StorageException onEnqueue =
          catchThrowableOfType(StorageException.class, () -> enqueue(foreign, job));
      assertThat(onEnqueue.kind()).isEqualTo(StorageException.Kind.CONFLICT);
      StorageException onAck =
          catchThrowableOfType(
              StorageException.class, () -> ack(foreign, new Ack.Completed(leased.lease())));
      assertThat(onAck.kind()).isEqualTo(StorageException.Kind.CONFLICT);
      assertThat(foreign.isClosed()).isFalse();
    }
    assertThat(rig().find(job.id())).isEmpty();
    assertThat(rig().state(leased.id())).isEqualTo(JobState.RUNNING);
  }

  @Test
  void c7_sleepersAreWokenAfterTheCommit() throws SQLException {
    rig().needs(Signals.class);
    Ears ears = new Ears();
    rig().capability(Signals.class).listen(ears);
    Rig.Client client = rig().client();
    DequeueRequest plain = client.request(Rig.QUEUE, 1);
    client.exchange(
        List.of(),
        new DequeueRequest(
            plain.owner(), plain.nonce(), plain.expiresAt(), plain.demands(), 1, 1, true, 0));
    NewJob job = rig().job();
    try (Connection connection = transaction()) {
      enqueue(connection, job);
      assertThat(ears.workQueues()).isEmpty();
      connection.commit();
    }
    ears.work(Rig.QUEUE);
    assertThat(client.dequeue(Rig.QUEUE, 1)).extracting(LeasedJob::id).containsExactly(job.id());
  }

  @Test
  void s4_aLeaseThatATransactionHoldsIsExtended() throws SQLException {
    LeasedJob job = leased();
    JobId id = job.id();
    try (Connection connection = transaction()) {
      ack(connection, new Ack.Completed(job.lease()));
      List<List<ExtendReceipt>> receipts =
          Crew.run(
              1,
              i ->
                  () ->
                      rig()
                          .storage()
                          .extend(
                              List.of(new LeaseUse(job.lease(), true)),
                              rig().now().plusSeconds(60),
                              rig().now()));
      assertThat(receipts.get(0))
          .containsExactly(new ExtendReceipt(id, ExtendReceipt.Status.EXTENDED));
      connection.commit();
    }
    assertThat(rig().state(id)).isEqualTo(JobState.COMPLETED);
  }
}
