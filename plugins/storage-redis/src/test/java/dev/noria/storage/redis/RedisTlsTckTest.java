package dev.noria.storage.redis;

import org.junit.jupiter.api.Tag;

/** The same over TLS. */
@Tag("chaos")
class RedisTlsTckTest extends RedisStorageTckTest {
  @Override
  TestServer server() {
    return TestServer.encrypted();
  }
}
