package dev.noria.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.tck.Place;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the storage gets on with its server. */
class ServerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final TestServer server = TestServer.seven();
  private final Place place = new Place("server-test", "noria");
  private final RedisCommands<byte[], byte[]> commands = server.commands();

  @AfterEach
  void cleanUp() {
    server.drop(place);
  }

  private static NewJob job(int number) {
    return NewJob.builder(new JobId(1, number), "type", "q", Bytes.utf8("payload")).build();
  }

  private static List<EnqueueReceipt> enqueue(JobStorage storage, int number) {
    return storage.enqueue(new CallId(1, number), List.of(job(number)), NOW);
  }

  @Test
  void forgottenScripts_areSentAgain() {
    try (JobStorage storage = RedisStorage.open(server.options(place))) {
      assertThat(enqueue(storage, 1)).allMatch(EnqueueReceipt::isEnqueued);
      commands.scriptFlush();
      assertThat(enqueue(storage, 2)).allMatch(EnqueueReceipt::isEnqueued);
      assertThat(enqueue(storage, 3)).allMatch(EnqueueReceipt::isEnqueued);
    }
  }

  @Test
  void serverThatEvicts_isRefusedUnlessAllowed() {
    commands.configSet("maxmemory-policy", "allkeys-lru");
    try {
      RedisOptions options = server.options(place);
      assertThatThrownBy(() -> RedisStorage.open(options))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("allkeys-lru")
          .hasMessageContaining("noeviction");
      RedisStorage.open(options.withAllowEviction(true)).close();
    } finally {
      commands.configSet("maxmemory-policy", "noeviction");
    }
  }

  @Test
  void durability_isThatOfTheServersSettings() {
    try {
      assertThat(durability()).isEqualTo(Durability.PROCESS);
      commands.configSet("appendfsync", "always");
      assertThat(durability()).isEqualTo(Durability.HOST);
    } finally {
      commands.configSet("appendfsync", "everysec");
    }
  }

  private Durability durability() {
    try (JobStorage storage = RedisStorage.open(server.options(place))) {
      return storage.info().durability();
    }
  }

  @Test
  void fullMemory_refusesEnqueuesAndLetsMaintenanceThrough() {
    try (JobStorage storage = RedisStorage.open(server.options(place))) {
      enqueue(storage, 1);
      commands.configSet("maxmemory", "1mb");
      try {
        assertThatThrownBy(() -> enqueue(storage, 2))
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                  assertThat(e.outcomeUnknown()).isFalse();
                  assertThat(e).hasMessageContaining("maxmemory");
                });
        assertThat(storage.maintain(10, NOW).more()).isFalse();
      } finally {
        commands.configSet("maxmemory", "0");
      }
      assertThat(enqueue(storage, 2)).allMatch(EnqueueReceipt::isEnqueued);
    }
  }

  @Test
  void connections_areTwoOnceSomebodyListens() {
    long before = connections();
    try (JobStorage storage = RedisStorage.open(server.options(place))) {
      enqueue(storage, 1);
      assertThat(connections() - before).isEqualTo(1);
      Signals signals = storage.capability(Signals.class).orElseThrow();
      Signals.Registration first = signals.await(java.util.Set.of(new JobId(1, 1)));
      Signals.Registration second = signals.await(java.util.Set.of(new JobId(1, 2)));
      assertThat(connections() - before).isEqualTo(2);
      first.close();
      second.close();
    }
  }

  /** Connections by the name that the storage gives them. */
  private long connections() {
    return commands.clientList().lines().filter(line -> line.contains(" name=noria ")).count();
  }

  @Test
  void serverThatIsNotThere_isSaidSo() {
    RedisOptions nowhere =
        RedisOptions.defaults().withServer("127.0.0.1", 1).withTimeout(Duration.ofSeconds(2));
    assertThatThrownBy(() -> RedisStorage.open(nowhere))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("127.0.0.1:1/0");
  }
}
