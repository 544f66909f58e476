package dev.noria.storage.sqlite;

import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.Set;

/** Opens {@code sqlite:} addresses. Thread-safe. */
public final class SqliteStorageProvider implements StorageProvider {
  /** For the service loader. */
  public SqliteStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("sqlite");
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public void check(StorageUri uri) {
    SqliteOptions ignored = OptionReader.read(uri);
  }

  @Override
  public JobStorage open(StorageUri uri, Opener opener) {
    return SqliteStorage.open(OptionReader.read(uri));
  }
}
