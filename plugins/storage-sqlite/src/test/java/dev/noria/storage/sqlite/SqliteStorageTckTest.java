package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** A database file keeps the contract. */
class SqliteStorageTckTest extends JobStorageTck {
  @TempDir Path folder;

  @Override
  protected JobStorage open(Place place) {
    return SqliteStorage.open(options(place));
  }

  private SqliteOptions options(Place place) {
    return SqliteOptions.defaults()
        .withPath(file(place).toString())
        .withNamespace(place.namespace());
  }

  private Path file(Place place) {
    return folder.resolve(place.name() + ".db");
  }

  @Override
  protected Connection connection(Place place) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file(place));
  }

  @Override
  protected Optional<JobStorage> openNext(Place place) {
    return Optional.of(SqliteStorage.open(options(place), Fixture.NEXT_RELEASE));
  }

  @Override
  protected boolean damage(Place place, JobId id) {
    String cut =
        "UPDATE \"%s_job\" SET body = substr(body, 1, length(body) - 1) WHERE id = ?"
            .formatted(place.namespace());
    try (Connection connection = connection(place);
        PreparedStatement statement = connection.prepareStatement(cut)) {
      statement.setBytes(1, id.toBytes());
      return statement.executeUpdate() == 1;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected boolean makeNewer(Place place) {
    try (Connection connection = connection(place);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE \""
              + place.namespace()
              + "_meta\" SET value = 999 WHERE name IN ('schema', 'schema_readable_by')");
      return true;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
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
        Transfer.class);
  }
}
