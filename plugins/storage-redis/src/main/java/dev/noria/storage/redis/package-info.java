/**
 * A storage that keeps jobs in Redis or Valkey, shared by any number of processes: {@link
 * dev.noria.storage.redis.RedisStorage} opens it, {@link dev.noria.storage.redis.RedisOptions} says
 * how.
 */
@NullMarked
package dev.noria.storage.redis;

import org.jspecify.annotations.NullMarked;
