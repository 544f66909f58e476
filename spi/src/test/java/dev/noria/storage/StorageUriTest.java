package dev.noria.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageUriTest {

  @Test
  void anAddress_isReadInItsParts() {
    assertThat(StorageUri.parse("SQLite:jobs.db?namespace=mail&note=a+b%20c"))
        .isEqualTo(
            new StorageUri("sqlite", "jobs.db", Map.of("namespace", "mail", "note", "a+b c")));
    assertThat(StorageUri.parse("memory:")).isEqualTo(new StorageUri("memory", "", Map.of()));
    assertThat(StorageUri.parse("redis+cluster://a,b").scheme()).isEqualTo("redis+cluster");
  }

  @Test
  void anAddressThatIsNone_isAnsweredWithTheForm() {
    assertThatThrownBy(() -> StorageUri.parse("jobs.db"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'jobs.db' is not a storage address. Expected scheme:…, such as memory: or"
                + " sqlite:jobs.db.");
    assertThatThrownBy(() -> StorageUri.parse("sqlite:x?a=1&a=2"))
        .hasMessage("The storage address gives the option 'a' twice. Give it once.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://user:hunter2@host:6379/0",
        "redis://:hunter2@host",
        "postgresql://user:hun@ter2@host/db",
        "postgresql://user:hunter2/x@host/db",
        "postgresql://user:hunter2?x@host/db",
        "postgresql://host/db?password=hunter2",
        "redis://host?sentinelPassword=hunter2"
      })
  void passwords_areNeverPrinted(String address) {
    assertThat(StorageUri.parse(address).toString())
        .contains("***")
        .doesNotContain("hunter2", "hun@", "ter2");
  }

  @Test
  void whatIsNoSecret_isPrinted() {
    assertThat(StorageUri.parse("postgresql://user@host:5432/db?b=2&a=1"))
        .hasToString("postgresql://user@host:5432/db?a=1&b=2");
  }
}
