package dev.noria.verification;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a master that sentinels name. */
@Tag("chaos")
class RedisSentinelTckTest extends RedisSetsTck {
  @TempDir private static Path folder;
  private static RedisSentinels servers;

  @BeforeAll
  static void start() throws IOException {
    servers = RedisSentinels.start(folder);
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
