package dev.noria.storage.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A connection to one server, or to a cluster.
 *
 * @param connection to be closed when it is of no use any more
 * @param commands for the server that has the namespace now
 */
record Wire(
    StatefulConnection<byte[], byte[]> connection,
    Supplier<CompletionStage<RedisClusterAsyncCommands<byte[], byte[]>>> commands) {}
