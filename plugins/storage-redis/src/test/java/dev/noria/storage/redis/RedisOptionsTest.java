package dev.noria.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.StorageUri;
import dev.noria.storage.redis.RedisOptions.Node;
import dev.noria.storage.redis.RedisOptions.Tls;
import dev.noria.storage.redis.RedisOptions.Topology;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisOptionsTest {
  private static RedisOptions read(String address) {
    return OptionReader.read(StorageUri.parse(address));
  }

  @Test
  void address_withEverything_isRead() {
    RedisOptions options =
        read("redis://app:s%40cret@db.example.org:6380/3?namespace=mail&timeout=250ms");
    assertThat(options.address().nodes()).containsExactly(new Node("db.example.org", 6380));
    assertThat(options.address().topology()).isEqualTo(Topology.STANDALONE);
    assertThat(options.address().database()).isEqualTo(3);
    assertThat(options.user()).isEqualTo("app");
    assertThat(options.password()).isEqualTo("s@cret");
    assertThat(options.namespace()).isEqualTo("mail");
    assertThat(options.timeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(options.toString()).doesNotContain("cret");
  }

  @Test
  void bareAddress_meansTheUsualServerWithItsOptions() {
    Optional<String> usual =
        Optional.of("redis-sentinel://:pw@a?master=main&namespace=shop&timeout=2s");
    RedisOptions options =
        OptionReader.read(StorageUri.parse("redis:?timeout=3s&waitReplicas=1"), usual);
    assertThat(options.address().master()).isEqualTo("main");
    assertThat(options.namespace()).isEqualTo("shop");
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.waitReplicas()).isOne();
    assertThat(OptionReader.read(StorageUri.parse("redis://db"), usual).address().nodes())
        .containsExactly(new Node("db", 6379));
    Optional<String> wrong = Optional.of("http://s3cret");
    assertThatThrownBy(() -> OptionReader.read(StorageUri.parse("redis:"), wrong))
        .hasMessageContaining("REDIS_URL")
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void rediss_isEncryptedAndVerified() {
    assertThat(read("rediss://db").address().tls()).isEqualTo(Tls.ON);
    assertThat(read("redis://db").address().tls()).isEqualTo(Tls.OFF);
    assertThat(read("rediss://db?tls=unverified").address().tls()).isEqualTo(Tls.UNVERIFIED);
  }

  @Test
  void sentinel_hasNodesAndAMaster() {
    RedisOptions options = read("redis-sentinel://:pw@a,b:26380/2?master=main");
    assertThat(options.address().topology()).isEqualTo(Topology.SENTINEL);
    assertThat(options.address().nodes())
        .containsExactly(new Node("a", 26_379), new Node("b", 26_380));
    assertThat(options.address().master()).isEqualTo("main");
    assertThat(options.user()).isNull();
    assertThat(options.password()).isEqualTo("pw");
  }

  @Test
  void cluster_hasNodes() {
    RedisOptions options = read("redis+cluster://a:7000,[::1]:7001");
    assertThat(options.address().topology()).isEqualTo(Topology.CLUSTER);
    assertThat(options.address().nodes())
        .containsExactly(new Node("a", 7000), new Node("::1", 7001));
  }

  @Test
  void passwordsThatAreNotEncoded_areNeverShown() {
    for (String address :
        new String[] {
          "redis://app:s3cret/x@db/0",
          "redis://app:s3cret?x@db/0",
          "redis://app:12?s3cret@db/0",
          "redis://app:s3@cret@db/0",
          "redis://app:s3cret%zz@db/0"
        }) {
      assertThatThrownBy(() -> read(address))
          .as(address)
          .isInstanceOf(IllegalArgumentException.class)
          .hasNoCause()
          .message()
          .doesNotContain("cret")
          .contains("%");
    }
  }

  @Test
  void nonsense_isRefusedWithTheReason() {
    assertThatThrownBy(() -> read("redis://db?namspace=x"))
        .hasMessageContaining("namspace")
        .hasMessageContaining("Did you mean 'namespace'");
    assertThatThrownBy(() -> read("redis://a,b")).hasMessageContaining("redis+cluster:");
    assertThatThrownBy(() -> read("redis-sentinel://a")).hasMessageContaining("?master=");
    assertThatThrownBy(() -> read("redis+cluster://a/1")).hasMessageContaining("0 in a cluster");
    assertThatThrownBy(() -> read("redis://db:99999")).hasMessageContaining("99999");
    assertThatThrownBy(() -> read("redis://db?namespace=No")).hasMessageContaining("'No'");
    assertThatThrownBy(() -> read("redis://db?timeout=soon")).hasMessageContaining("'soon'");
    assertThatThrownBy(() -> read("rediss://db?tls=off")).hasMessageContaining("not encrypted");
    assertThatThrownBy(() -> read("redis://db?waitReplicas=101")).hasMessageContaining("101");
    assertThatThrownBy(() -> read("redis://db?tls=perhaps")).hasMessageContaining("unverified");
  }
}
