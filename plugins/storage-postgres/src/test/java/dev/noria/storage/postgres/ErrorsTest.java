package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a call is decided by the SQLSTATE of its failure. */
class ErrorsTest {
  @ParameterizedTest
  @CsvSource({
    // run again: lost against another transaction, or a statement that a pooler took away
    "40001, CONFLICT, true, false",
    "40P01, CONFLICT, true, false",
    "26000, UNAVAILABLE, true, false",
    "0A000, INTERNAL, true, false",
    // the connection is gone: during a commit nobody knows what happened
    "08000, UNAVAILABLE, false, true",
    "08001, UNAVAILABLE, false, true",
    "08003, UNAVAILABLE, false, true",
    "08006, UNAVAILABLE, false, true",
    "08P01, UNAVAILABLE, false, true",
    "57P01, UNAVAILABLE, false, true",
    "57P02, UNAVAILABLE, false, true",
    "57P03, UNAVAILABLE, false, true",
    "57P05, UNAVAILABLE, false, true",
    // certainly rolled back, and worth another try later
    "25006, UNAVAILABLE, false, false",
    "25P03, UNAVAILABLE, false, false",
    "28000, UNAVAILABLE, false, false",
    "28P01, UNAVAILABLE, false, false",
    "3D000, UNAVAILABLE, false, false",
    "53100, UNAVAILABLE, false, false",
    "53200, UNAVAILABLE, false, false",
    "53300, UNAVAILABLE, false, false",
    "57014, UNAVAILABLE, false, false",
    "58030, UNAVAILABLE, false, false",
    "25P02, CONFLICT, false, false",
    "40003, CONFLICT, false, false",
    "55P03, CONFLICT, false, false",
    // fatal
    "XX001, CORRUPT, false, false",
    "XX002, CORRUPT, false, false",
    "22001, LIMIT, false, false",
    "54000, LIMIT, false, false",
    "54001, LIMIT, false, false",
    "54011, LIMIT, false, false",
    "22021, INTERNAL, false, false",
    "23505, INTERNAL, false, false",
    "3F000, INTERNAL, false, false",
    "42501, INTERNAL, false, false",
    "42601, INTERNAL, false, false",
    "42P01, INTERNAL, false, false",
    "XX000, INTERNAL, false, false",
  })
  void state_decides(String state, Kind kind, boolean repeatable, boolean broken) {
    SQLException error = new SQLException("reason", state);
    assertThat(Errors.isRepeatable(error)).isEqualTo(repeatable);
    assertThat(Errors.isBroken(error)).isEqualTo(broken);
    StorageException told = Errors.of(error, "db.example.org:5432/jobs#noria", broken);
    assertThat(told.kind()).isEqualTo(kind);
    assertThat(told.outcomeUnknown()).isEqualTo(broken);
    assertThat(told.isTransient()).isEqualTo(kind == Kind.UNAVAILABLE || kind == Kind.CONFLICT);
    assertThat(told).hasMessageContaining("db.example.org").hasMessageContaining(state);
  }

  @Test
  void failureWithoutState_isABrokenConnection() {
    @Nullable String none = null;
    SQLException error = new SQLException("reason", none);
    assertThat(Errors.isBroken(error)).isTrue();
    assertThat(Errors.isRepeatable(error)).isFalse();
    assertThat(Errors.of(error, "here", false).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  /** Only a queue that is open goes through an outage. */
  @Test
  @Tag("slow")
  void openWhileNoServerIsThere_saysSo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    PostgresOptions options =
        PostgresOptions.defaults().withServer("127.0.0.1", port, "db").withUser("app", "secret");
    assertThatThrownBy(() -> PostgresStorage.open(options))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("not reachable")
        .hasMessageNotContaining("secret");
  }

  @Test
  void ourOwnState_asksForTheSlowWay() {
    assertThat(Errors.isSlow(new SQLException("a job exists", "NR002"))).isTrue();
    assertThat(Errors.isSlow(new SQLException("duplicate", "23505"))).isFalse();
  }
}
