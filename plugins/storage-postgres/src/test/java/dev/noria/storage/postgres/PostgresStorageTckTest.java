package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.ServerClock;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** A schema keeps the contract. Two minutes of round trips, so the quick pass goes without it. */
@Tag("slow")
class PostgresStorageTckTest extends JobStorageTck {
  @Override
  protected JobStorage open(Place place) {
    return PostgresStorage.open(TestServer.options(place));
  }

  @Override
  protected Connection connection(Place place) throws SQLException {
    return TestServer.connect();
  }

  @Override
  protected Connection foreignConnection(Place place) throws SQLException {
    return TestServer.connectElsewhere();
  }

  @Override
  protected boolean makeNewer(Place place) {
    String schema = TestServer.options(place).namespace();
    TestServer.run("UPDATE \"" + schema + "\".meta SET value = 999 WHERE name = 'schema'");
    return true;
  }

  @Override
  protected boolean damage(Place place, JobId id) {
    String schema = TestServer.options(place).namespace();
    TestServer.run("UPDATE \"" + schema + "\".job SET extra = '\\x0102' WHERE id = '" + id + "'");
    return true;
  }

  @Override
  protected void drop(Place place) {
    TestServer.drop(place);
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return Set.of(
        Inspection.class,
        Administration.class,
        Registers.class,
        Notes.class,
        Signals.class,
        Events.class,
        JdbcTransactions.class,
        ServerClock.class,
        Transfer.class);
  }
}
