package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixture itself. */
class PostgresServerTest {
  @TempDir private Path folder;

  @Test
  void aKilledServer_isGoneUntilItIsStartedAgainAndHasLostNothing() throws Exception {
    try (PostgresServer server = PostgresServer.start(folder)) {
      Jdbc jdbc = Jdbc.of(server.address("any"));
      jdbc.createCounter();
      server.kill();
      assertThatThrownBy(jdbc::counted).isInstanceOf(SQLException.class);
      server.restart();
      assertThat(jdbc.counted()).isZero();
      assertThat(server.deadlocks()).isZero();
    }
  }
}
