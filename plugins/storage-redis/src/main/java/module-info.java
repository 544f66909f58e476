/** Keeps jobs in Redis or Valkey. */
module dev.noria.storage.redis {
  requires transitive dev.noria.spi;
  requires lettuce.core;
  requires org.slf4j;

  exports dev.noria.storage.redis;

  provides dev.noria.plugin.StorageProvider with
      dev.noria.storage.redis.RedisStorageProvider;
}
