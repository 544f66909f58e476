package dev.noria.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.tck.Place;
import io.lettuce.core.RedisURI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may talk to a server, and how. */
class AccessTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Place place = new Place("access-test", "noria");

  private void works(TestServer server) {
    try (JobStorage storage = RedisStorage.open(server.options(place))) {
      NewJob job = NewJob.builder(new JobId(1, 1), "type", "q", Bytes.utf8("payload")).build();
      assertThat(storage.enqueue(new CallId(1, 1), List.of(job), NOW))
          .allMatch(receipt -> receipt.isEnqueued());
      storage.capability(Signals.class).orElseThrow().await(Set.of(job.id())).close();
      assertThat(storage.info().durability()).isEqualTo(Durability.PROCESS);
    } finally {
      server.drop(place);
    }
  }

  @Test
  void tls_ofTheServersName_works() {
    works(TestServer.encrypted());
  }

  @Test
  void tls_ofAnotherName_isRefused() {
    RedisOptions.Address right = TestServer.encrypted().options().address();
    RedisOptions.Address wrong =
        new RedisOptions.Address(
            right.topology(),
            List.of(new RedisOptions.Node("127.0.0.1", right.nodes().get(0).port())),
            0,
            "",
            RedisOptions.Tls.ON);
    RedisOptions options = RedisOptions.defaults().withAddress(wrong);
    assertThatThrownBy(() -> RedisStorage.open(options))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void restrictedUser_whoMayDoWhatTheReadmeSays_works() {
    works(TestServer.restricted());
  }

  @Test
  void wrongPassword_isRefusedAndNotShown() {
    RedisOptions options = TestServer.restricted().options(place).withUser("app", "s3cret");
    assertThatThrownBy(() -> RedisStorage.open(options))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("WRONGPASS")
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void replica_isUnavailableAndNotBroken() {
    for (TestServer server : List.of(TestServer.seven(), TestServer.six())) {
      NewJob job = NewJob.builder(new JobId(1, 1), "type", "q", Bytes.utf8("payload")).build();
      try (JobStorage storage = RedisStorage.open(server.options(place))) {
        RedisURI nobody = RedisURI.create("127.0.0.1", 1);
        server.commands().replicaof(nobody.getHost(), nobody.getPort());
        try {
          assertThatThrownBy(() -> storage.enqueue(new CallId(1, 1), List.of(job), NOW))
              .isInstanceOfSatisfying(
                  StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
              .hasMessageContaining("READONLY");
        } finally {
          server.commands().replicaofNoOne();
        }
        assertThat(storage.enqueue(new CallId(1, 1), List.of(job), NOW))
            .allMatch(receipt -> receipt.isEnqueued());
      } finally {
        server.drop(place);
      }
    }
  }

  @Test
  void missingReplica_isSaidAndTheOutcomeIsUnknown() {
    RedisOptions options =
        TestServer.seven()
            .options(place)
            .withWaitReplicas(1)
            .withTimeout(java.time.Duration.ofMillis(400));
    try (JobStorage storage = RedisStorage.open(options)) {
      NewJob job = NewJob.builder(new JobId(1, 1), "type", "q", Bytes.utf8("payload")).build();
      assertThatThrownBy(() -> storage.enqueue(new CallId(1, 1), List.of(job), NOW))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.outcomeUnknown()).isTrue())
          .hasMessageContaining("only on 0 replicas");
    } finally {
      TestServer.seven().drop(place);
    }
  }

  @Test
  void waitAof_onAServerWithoutIt_isRefused() {
    RedisOptions options = TestServer.seven().options(place).withWaitAof(true);
    assertThatThrownBy(() -> RedisStorage.open(options))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("7.0.15")
        .hasMessageContaining("7.2");
  }
}
