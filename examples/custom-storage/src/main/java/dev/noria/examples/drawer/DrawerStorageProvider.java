package dev.noria.examples.drawer;

import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.Set;

/** Opens {@code drawer:}; each opening is a drawer of its own. */
public final class DrawerStorageProvider implements StorageProvider {

  /** For the service loader. */
  public DrawerStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("drawer");
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public void check(StorageUri uri) {
    if (!uri.rest().isEmpty() || !uri.options().isEmpty()) {
      throw new IllegalArgumentException(
          "A drawer has no place and no options; write drawer: alone.");
    }
  }

  @Override
  public JobStorage open(StorageUri uri, Opener opener) {
    check(uri);
    return DrawerStorage.create();
  }
}
