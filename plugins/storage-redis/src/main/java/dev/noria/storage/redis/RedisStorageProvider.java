package dev.noria.storage.redis;

import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.Set;

/**
 * Opens {@code redis:}, {@code rediss:}, {@code redis-sentinel:} and {@code redis+cluster:}
 * addresses. Thread-safe.
 */
public final class RedisStorageProvider implements StorageProvider {
  /** For the service loader. */
  public RedisStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return OptionReader.SCHEMES;
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public void check(StorageUri uri) {
    RedisOptions ignored = OptionReader.read(uri);
  }

  @Override
  public JobStorage open(StorageUri uri, Opener opener) {
    return RedisStorage.open(OptionReader.read(uri, opener.variable("REDIS_URL")));
  }
}
