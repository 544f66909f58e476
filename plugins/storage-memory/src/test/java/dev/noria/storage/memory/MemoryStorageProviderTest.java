package dev.noria.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.CallId;
import dev.noria.storage.Events;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemoryStorageProviderTest {
  private final StorageProvider provider = new MemoryStorageProvider();

  private JobStorage open(String uri) {
    return provider.open(
        StorageUri.parse(uri),
        nested -> {
          throw new AssertionError("no nested address expected");
        });
  }

  @Test
  void theServiceLoader_findsIt() {
    assertThat(ServiceLoader.load(StorageProvider.class))
        .hasAtLeastOneElementOfType(MemoryStorageProvider.class);
  }

  @Test
  void twoOpenings_shareNothing() {
    JobStorage one = open("memory:");
    JobStorage other = open("memory:");
    NewJob job = NewJob.builder(new JobId(1, 1), "type", "q", Bytes.EMPTY).build();
    one.enqueue(new CallId(1, 1), List.of(job), Instant.EPOCH);
    assertThat(one.find(List.of(job.id()), Set.of())).hasSize(1);
    assertThat(other.find(List.of(job.id()), Set.of())).isEmpty();
  }

  @Test
  void anUnknownOption_namesTheNearestOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open("memory:?namspace=x"))
        .withMessageContaining("'namspace'")
        .withMessageContaining("'namespace'");
  }

  @Test
  void illegalValues_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> open("memory:?namespace=A-B"));
    assertThatIllegalArgumentException().isThrownBy(() -> open("memory:?events=some"));
    assertThatIllegalArgumentException().isThrownBy(() -> open("memory:here"));
  }

  @Test
  void events_canBeTurnedOnInTheAddress() {
    JobStorage storage = open("memory:?events=terminal");
    assertThat(storage.capability(Events.class).orElseThrow().mode())
        .isEqualTo(Events.Mode.TERMINAL);
  }
}
