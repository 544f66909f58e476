package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.StorageException;
import dev.noria.storage.postgres.PostgresOptions.Migrate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  private static final String SCHEMA = "migrations_test";

  private static PostgresOptions options() {
    return TestServer.options().withNamespace(SCHEMA).withConnections(1);
  }

  @AfterEach
  void dropSchema() {
    TestServer.drop(SCHEMA);
  }

  @Test
  void eightAtOnce_allOpen() throws Exception {
    ExecutorService crew = Executors.newFixedThreadPool(8);
    try {
      List<Callable<PostgresStorage>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(() -> PostgresStorage.open(options()));
      }
      for (Future<PostgresStorage> opened : crew.invokeAll(all)) {
        opened.get().close();
      }
    } finally {
      crew.shutdownNow();
    }
    assertThat(TestServer.column("SELECT value FROM " + SCHEMA + ".meta WHERE name = 'schema'"))
        .containsExactly("1");
  }

  @Test
  void validate_refusesAnEmptyDatabase() {
    assertThatThrownBy(() -> PostgresStorage.open(options().withMigrate(Migrate.VALIDATE)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("has version 0. Expected 1.");
  }

  @Test
  void printedSchema_isWhatValidateExpects() {
    TestServer.run(PostgresStorage.schema(SCHEMA));
    PostgresStorage.open(options().withMigrate(Migrate.VALIDATE)).close();
  }

  @Test
  void newerSchema_isRefused() {
    PostgresStorage.open(options()).close();
    TestServer.run("UPDATE " + SCHEMA + ".meta SET value = 2 WHERE name = 'schema'");
    assertThatThrownBy(() -> PostgresStorage.open(options()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("has version 2. Expected at most 1");
  }
}
