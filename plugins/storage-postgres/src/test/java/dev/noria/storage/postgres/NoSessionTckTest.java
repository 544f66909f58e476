package dev.noria.storage.postgres;

import dev.noria.storage.JobStorage;
import dev.noria.tck.Place;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** The contract is kept where every transaction meets another session, as behind a pooler. */
@Tag("chaos")
class NoSessionTckTest extends PostgresStorageTckTest {
  private static final NoSessionDataSource POOL = new NoSessionDataSource();

  @Override
  protected JobStorage open(Place place) {
    return PostgresStorage.over(POOL, TestServer.options(place));
  }

  @AfterAll
  static void closePool() throws SQLException {
    POOL.close();
  }
}
