package dev.noria.storage.postgres;

import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.Set;

/** Opens {@code postgresql:} and {@code postgres:} addresses. Thread-safe. */
public final class PostgresStorageProvider implements StorageProvider {
  /** For the service loader. */
  public PostgresStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("postgresql", "postgres");
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public void check(StorageUri uri) {
    PostgresOptions ignored = OptionReader.read(uri);
  }

  @Override
  public JobStorage open(StorageUri uri, Opener opener) {
    return PostgresStorage.open(OptionReader.read(uri));
  }
}
