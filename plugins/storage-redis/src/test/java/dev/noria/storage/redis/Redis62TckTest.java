package dev.noria.storage.redis;

import org.junit.jupiter.api.Tag;

/** The same on the oldest server that is supported. */
@Tag("chaos")
class Redis62TckTest extends RedisStorageTckTest {
  @Override
  TestServer server() {
    return TestServer.six();
  }
}
