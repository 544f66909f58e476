package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArtifactsTest {

  @ParameterizedTest
  @CsvSource({
    "memory, memory",
    "file, file",
    "sqlite, sqlite",
    "postgres, postgres",
    "postgresql, postgres",
    "redis, redis",
    "rediss, redis",
    "redis-sentinel, redis",
    "redis+cluster, redis",
    "valkey, redis",
    "s3, s3"
  })
  void aScheme_hasItsArtifact(String scheme, String storage) {
    assertThat(Artifacts.forScheme(scheme)).isEqualTo("dev.noria:noria-storage-" + storage);
  }

  @Test
  void onlySchemesThatSomebodyOpens_areOffered() {
    List<String> offered = Artifacts.schemes(Set.of("cellar"));
    assertThat(offered)
        .containsExactlyInAnyOrder(
            "cellar",
            "memory",
            "file",
            "sqlite",
            "postgres",
            "postgresql",
            "redis",
            "rediss",
            "redis-sentinel",
            "redis+cluster");
  }

  @Test
  void aServerThatSpeaksTheSame_isOfferedAsTheSchemeItHasHere() {
    assertThat(Artifacts.usual("valkey")).contains("redis");
    assertThat(Artifacts.usual("sqlite")).isEmpty();
  }
}
