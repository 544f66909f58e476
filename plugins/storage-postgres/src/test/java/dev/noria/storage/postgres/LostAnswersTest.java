package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.tck.network.Cut;
import dev.noria.tck.network.Direction;
import dev.noria.tck.network.TcpProxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody sleeps on because the answer of a call was lost on its way. */
class LostAnswersTest {
  private static final String SCHEMA = "lost_answers_test";
  private static final String QUEUE = "q";
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final long WORKER = 7;

  private final TcpProxy proxy = TcpProxy.to(TestServer.options().address().port());
  private final BlockingQueue<String> woken = new LinkedBlockingQueue<>();
  private final PostgresStorage near = PostgresStorage.open(options());
  private final PostgresStorage far = PostgresStorage.open(throughTheProxy());

  private static PostgresOptions options() {
    return TestServer.options().withNamespace(SCHEMA);
  }

  private PostgresOptions throughTheProxy() {
    PostgresOptions.Address address = options().address();
    // Every statement travels as text, so that the proxy can tell them apart.
    return options()
        .withServer("127.0.0.1", proxy.port(), address.database())
        .withProperty("prepareThreshold", "0");
  }

  @BeforeEach
  void listen() {
    Signals.Registration ignored =
        far.capability(Signals.class).orElseThrow().listen(new Ears(woken));
  }

  @AfterEach
  void close() {
    far.close();
    near.close();
    proxy.close();
    TestServer.drop(SCHEMA);
  }

  /** Hears of work only. */
  private record Ears(BlockingQueue<String> woken) implements Signals.Listener {
    @Override
    public void workReady(String queue, @Nullable Instant due) {
      woken.add(queue);
    }

    @Override
    public void jobFinished(JobId id, JobState state) {}

    @Override
    public void cancelRequested(JobId id) {}
  }

  @Test
  void enqueueWhoseAnswerIsLost_wakesWhoSleepsInTheSameProcess() throws Exception {
    assertThat(look(1)).isEmpty();
    proxy.arm(new Cut.ReplyTo("enqueue_1"));
    assertUnknown(() -> enqueue(far, 1));
    enqueue(far, 1);
    assertWoken();
    assertThat(look(2)).hasSize(1);
  }

  @Test
  void lookWhoseAnswerIsLost_sleepsAgainWhenItIsRepeated() throws Exception {
    assertThat(look(1)).isEmpty();
    proxy.arm(new Cut.ReplyTo("exchange_1"));
    assertUnknown(() -> look(2));
    // The row of the second look, which may come later than the cut.
    while (sleepers().equals(List.of("0"))) {
      Thread.onSpinWait();
    }
    enqueue(near, 1);
    assertWoken();
    assertThat(sleepers()).containsExactly("0");
    woken.clear();
    assertThat(look(2)).isEmpty();
    assertWoken();
    assertThat(look(3)).hasSize(1);
  }

  @Test
  void sleepersWhoseRowsAreGone_lookForThemselvesWhenTheyListenAgain() throws Exception {
    assertThat(look(1)).isEmpty();
    TestServer.run("TRUNCATE " + SCHEMA + ".sleeper");
    enqueue(near, 1);
    assertThat(proxy.cutAll()).isPositive();
    assertWoken();
  }

  @Test
  void queueThatWasNotCommitted_isMadeAgain() {
    proxy.arm(new Cut.At(Direction.REQUESTS, "COMMIT"));
    assertUnknown(() -> enqueue(far, 1));
    while (true) {
      try {
        enqueue(far, 1);
        break;
      } catch (StorageException e) {
        assertThat(e.isTransient()).isTrue();
      }
    }
    assertThat(near.exchange(new CallId(3, 1), List.of(), request(8), NOW).jobs()).hasSize(1);
  }

  /** In autocommit mode the commit is ours, and nobody knows what became of it. */
  @Test
  void commitOnTheCallersConnection_thatIsNotAnswered_isUnknown() throws Exception {
    PostgresOptions.Address address = options().address();
    String url =
        "jdbc:postgresql://127.0.0.1:"
            + proxy.port()
            + "/"
            + address.database()
            + "?prepareThreshold=0";
    try (Connection connection =
        DriverManager.getConnection(url, options().user(), options().password())) {
      JdbcTransactions own = far.capability(JdbcTransactions.class).orElseThrow();
      NewJob job = NewJob.builder(new JobId(0, 1), "type", QUEUE, Bytes.utf8("payload")).build();
      own.enqueue(connection, List.of(), NOW);
      proxy.arm(new Cut.At(Direction.REQUESTS, "COMMIT"));
      assertUnknown(() -> own.enqueue(connection, List.of(job), NOW));
    }
  }

  private static void enqueue(PostgresStorage storage, long sequence) {
    JobId id = new JobId(0, sequence);
    NewJob job = NewJob.builder(id, "type", QUEUE, Bytes.utf8("payload")).build();
    assertThat(storage.enqueue(new CallId(2, sequence), List.of(job), NOW))
        .allMatch(receipt -> receipt.isEnqueued());
  }

  private List<?> look(long sequence) {
    while (true) {
      try {
        Exchange found =
            far.exchange(new CallId(WORKER, sequence), List.of(), request(WORKER), NOW);
        return found.jobs();
      } catch (StorageException e) {
        if (e.outcomeUnknown()) {
          throw e;
        }
        assertThat(e.isTransient()).isTrue();
      }
    }
  }

  private static DequeueRequest request(long nonce) {
    List<Demand> demands = List.of(new Demand(QUEUE, 1));
    return new DequeueRequest("worker", nonce, NOW.plusSeconds(30), demands, 1, 1_000_000, true, 0);
  }

  private static List<String> sleepers() {
    return TestServer.column("SELECT count(*) FROM " + SCHEMA + ".sleeper");
  }

  private static void assertUnknown(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.outcomeUnknown()).isTrue());
  }

  private void assertWoken() throws InterruptedException {
    assertThat(woken.poll(5, TimeUnit.SECONDS)).isEqualTo(QUEUE);
  }
}
