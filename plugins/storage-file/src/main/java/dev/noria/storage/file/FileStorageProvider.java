package dev.noria.storage.file;

import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.Set;

/** Opens {@code file:} addresses. Thread-safe. */
public final class FileStorageProvider implements StorageProvider {
  /** For the service loader. */
  public FileStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public void check(StorageUri uri) {
    FileOptions ignored = OptionReader.read(uri);
  }

  @Override
  public JobStorage open(StorageUri uri, Opener opener) {
    return FileStorage.open(OptionReader.read(uri));
  }
}
