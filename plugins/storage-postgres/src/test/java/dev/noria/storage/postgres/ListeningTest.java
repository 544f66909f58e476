package dev.noria.storage.postgres;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Signals;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The connection that listens is replaced when it dies, and when it only seems to live. */
class ListeningTest {
  private static final String SCHEMA = "listening_test";
  private static final String LISTENERS =
      "FROM pg_stat_activity WHERE query = 'LISTEN \"noria_" + SCHEMA + "\"'";
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

  private final BlockingQueue<String> woken = new LinkedBlockingQueue<>();
  private final PostgresStorage other = PostgresStorage.open(options());
  private final PostgresStorage storage = PostgresStorage.open(options());

  private static PostgresOptions options() {
    return TestServer.options().withNamespace(SCHEMA);
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

  @BeforeEach
  void listen() {
    Signals.Registration ignored =
        storage.capability(Signals.class).orElseThrow().listen(new Ears(woken));
  }

  @AfterEach
  void close() {
    storage.close();
    other.close();
    TestServer.drop(SCHEMA);
  }

  @Test
  void listeningBackendIsTerminated_anotherOneListens() throws Exception {
    List<String> first = TestServer.column("SELECT pid " + LISTENERS);
    assertThat(first).hasSize(1);
    park(1);
    assertThat(TestServer.column("SELECT pg_terminate_backend(pid) " + LISTENERS))
        .containsExactly("t");
    // Everybody is told to look for what was missed.
    assertWoken(20);
    park(2);
    enqueue();
    assertWoken(20);
    assertThat(TestServer.column("SELECT pid " + LISTENERS)).hasSize(1).isNotEqualTo(first);
  }

  @Tag("slow")
  @Test
  void connectionThatHearsNothing_isReplaced() throws Exception {
    List<String> first = TestServer.column("SELECT pid " + LISTENERS);
    park(1);
    deafen(requireNonNull(storage.watcher().connection()));
    enqueue();
    assertWoken(60);
    assertThat(TestServer.column("SELECT pid " + LISTENERS)).hasSize(1).isNotEqualTo(first);
  }

  /** It answers, as one does whose pooler gave its server connection to somebody else. */
  private static void deafen(Connection listening) throws SQLException {
    try (Statement statement = listening.createStatement()) {
      statement.execute("UNLISTEN *");
    }
  }

  private void park(long sequence) {
    DequeueRequest request =
        new DequeueRequest(
            "worker", 7, NOW.plusSeconds(30), List.of(new Demand("q", 1)), 1, 10_000, true, 0);
    assertThat(storage.exchange(new CallId(7, sequence), List.of(), request, NOW).jobs()).isEmpty();
  }

  private void enqueue() {
    NewJob job = NewJob.builder(new JobId(0, 1), "type", "q", Bytes.utf8("payload")).build();
    assertThat(other.enqueue(new CallId(2, 1), List.of(job), NOW)).hasSize(1);
  }

  private void assertWoken(int seconds) throws InterruptedException {
    assertThat(woken.poll(seconds, TimeUnit.SECONDS)).isEqualTo("q");
  }
}
