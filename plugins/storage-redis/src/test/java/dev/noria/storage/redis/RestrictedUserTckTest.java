package dev.noria.storage.redis;

import org.junit.jupiter.api.Tag;

/** The same as a user who may do what the README says, and nothing else. */
@Tag("chaos")
class RestrictedUserTckTest extends RedisStorageTckTest {
  @Override
  TestServer server() {
    return TestServer.restricted();
  }
}
