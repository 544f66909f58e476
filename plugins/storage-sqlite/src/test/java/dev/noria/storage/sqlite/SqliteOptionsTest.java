package dev.noria.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.StorageUri;
import dev.noria.storage.sqlite.SqliteOptions.Migrate;
import dev.noria.storage.sqlite.SqliteOptions.Synchronous;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteOptionsTest {
  private static SqliteOptions read(String uri) {
    return OptionReader.read(StorageUri.parse(uri));
  }

  @ParameterizedTest
  @CsvSource({
    "sqlite:rel.db, rel.db",
    "sqlite:dir/rel.db, dir/rel.db",
    "sqlite:///abs.db, /abs.db",
    "sqlite:/abs.db, /abs.db",
    "sqlite::memory:, :memory:",
    "sqlite:?path=x.db, x.db"
  })
  void address_namesTheFile(String uri, String path) {
    assertThat(read(uri).path()).isEqualTo(path);
  }

  @Test
  void options_areRead() {
    SqliteOptions options =
        read(
            "sqlite:a.db?synchronous=normal&busyTimeout=250ms&namespace=n_1"
                + "&migrate=VALIDATE&eventPoll=PT1S");
    assertThat(options)
        .isEqualTo(
            SqliteOptions.defaults()
                .withPath("a.db")
                .withSynchronous(Synchronous.NORMAL)
                .withBusyTimeout(Duration.ofMillis(250))
                .withNamespace("n_1")
                .withMigrate(Migrate.VALIDATE)
                .withEventPoll(Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "busytimeout, busyTimeout",
    "sync, synchronous",
    "name-space, namespace",
    "poll, eventPoll"
  })
  void unknownOption_namesTheNearest(String given, String nearest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("sqlite:a.db?" + given + "=1"))
        .withMessageContaining("'" + given + "'")
        .withMessageContaining("Did you mean '" + nearest + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sqlite:",
        "sqlite://host/a.db",
        "sqlite:a.db?path=b.db",
        "sqlite:a.db?synchronous=OFF",
        "sqlite:a.db?busyTimeout=soon",
        "sqlite:a.db?busyTimeout=11m",
        "sqlite:a.db?namespace=No",
        "sqlite:a.db?eventPoll=0ms"
      })
  void wrongAddress_isRefused(String uri) {
    assertThatIllegalArgumentException().isThrownBy(() -> read(uri));
  }

  @Test
  void provider_isFoundByItsScheme() {
    assertThat(ServiceLoader.load(StorageProvider.class))
        .anySatisfy(
            provider -> {
              assertThat(provider).isInstanceOf(SqliteStorageProvider.class);
              assertThat(provider.schemes()).containsExactly("sqlite");
              assertThat(provider.spiVersion()).isEqualTo(Spi.VERSION);
            });
  }
}
