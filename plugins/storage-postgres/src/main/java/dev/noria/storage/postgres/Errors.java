package dev.noria.storage.postgres;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's errors mean to the kernel, by SQLSTATE. */
final class Errors {
  /** Raised by our own functions: not a case for the fast way. */
  static final String SLOW = "NR002";

  private Errors() {}

  static String state(SQLException e) {
    @Nullable String state = e.getSQLState();
    return state == null ? "" : state;
  }

  static boolean isSlow(SQLException e) {
    return state(e).equals(SLOW);
  }

  /** Whether the transaction lost against another one and may simply be run again. */
  static boolean isRepeatable(SQLException e) {
    return switch (state(e)) {
      // serialization failure, deadlock; and a statement that a pooler or DISCARD took away.
      case "40001", "40P01", "26000", "0A000" -> true;
      default -> false;
    };
  }

  /**
   * Whether the connection is gone, so that a commit may have happened. So says the whole class 08,
   * 08P01 too, by which poolers tell of a server that is away.
   */
  static boolean isBroken(SQLException e) {
    String state = state(e);
    return state.isEmpty()
        || state.startsWith("08")
        || switch (state) {
          case "57P01", "57P02", "57P03", "57P05" -> true;
          default -> false;
        };
  }

  private static Kind kind(SQLException e) {
    String state = state(e);
    if (isBroken(e) || state.startsWith("53") || state.startsWith("58")) {
      return Kind.UNAVAILABLE;
    }
    return switch (state) {
      case "40001", "40P01", "55P03", "25P02", "40003" -> Kind.CONFLICT;
      // statement timeout, read-only or recovering server, idle timeouts, login trouble
      case "57014", "25006", "25P03", "28000", "28P01", "3D000", "26000" -> Kind.UNAVAILABLE;
      case "XX001", "XX002" -> Kind.CORRUPT;
      case "54000", "54001", "54011", "22001" -> Kind.LIMIT;
      default -> Kind.INTERNAL;
    };
  }

  /** The error of a call that certainly did not happen, or if {@code unknown} may have happened. */
  static StorageException of(SQLException e, String where, boolean unknown) {
    String text =
        "PostgreSQL at "
            + where
            + ": "
            + told(e).getMessage()
            + " ("
            + state(e)
            + "). "
            + advice(e);
    return new StorageException(kind(e), unknown, text, e);
  }

  /** What the server or the driver said; a pool says only that it got no connection in time. */
  private static SQLException told(SQLException e) {
    boolean pool = e instanceof SQLTransientConnectionException;
    return pool && e.getCause() instanceof SQLException cause ? cause : e;
  }

  private static String advice(SQLException e) {
    if (isBroken(e)) {
      return "The server is not reachable or shut the connection; calls are repeated until it"
          + " answers.";
    }
    return switch (state(e)) {
      case "40001", "40P01" -> "Another transaction was in the way; repeat the call.";
      case "55P03" -> "Another transaction holds a row for too long; end it.";
      case "57014" -> "The statement took longer than the timeout; raise it, or look for locks.";
      case "25006" -> "The server only reads; connect to the primary.";
      case "28000", "28P01" -> "The login was refused; check user and password.";
      case "3D000" -> "Create the database, or give another name.";
      case "3F000", "42P01", "42883" ->
          "The schema is missing or incomplete; open once with migrate=AUTO.";
      case "42501" -> "The user may not do this; grant usage on the schema and its tables.";
      case "53300" -> "The server has no free connection; lower the option connections.";
      case "53100" -> "The server's disk is full; free some space.";
      default -> "The call was rolled back.";
    };
  }
}
