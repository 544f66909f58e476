package dev.noria.verification;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract on three masters and three replicas. */
@Tag("chaos")
class RedisClusterTckTest extends RedisSetsTck {
  @TempDir private static Path folder;
  private static RedisCluster servers;

  @BeforeAll
  static void start() throws IOException {
    servers = RedisCluster.start(folder, 20_000);
  }

  @AfterAll
  static void stop() throws IOException {
    servers.close();
  }

  @Override
  String address(String namespace) {
    return servers.address(namespace);
  }
}
