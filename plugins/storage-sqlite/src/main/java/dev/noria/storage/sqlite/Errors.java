package dev.noria.storage.sqlite;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.sql.SQLException;
import java.util.Locale;

/** What SQLite's errors mean to the kernel. */
final class Errors {
  private static final int PRIMARY = 0xff;
  private static final int INTERNAL = 2;
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int NOMEM = 7;
  private static final int READONLY = 8;
  private static final int INTERRUPT = 9;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int PROTOCOL = 15;
  private static final int TOOBIG = 18;
  private static final int NOTADB = 26;

  private Errors() {}

  static boolean isBusy(SQLException e) {
    int code = e.getErrorCode() & PRIMARY;
    return code == BUSY || code == LOCKED || code == PROTOCOL;
  }

  /** Whether somebody else's transaction lasted longer than the patience. */
  static boolean isBusy(StorageException e) {
    return e.getCause() instanceof SQLException cause && isBusy(cause);
  }

  static boolean isNoTransaction(SQLException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("no transaction");
  }

  /** Whether the connection is better thrown away. */
  static boolean isGrave(SQLException e) {
    return switch (e.getErrorCode() & PRIMARY) {
      case INTERNAL, NOMEM, READONLY, IOERR, CORRUPT, CANTOPEN, PROTOCOL, NOTADB -> true;
      default -> false;
    };
  }

  /** The error of a call that certainly did not happen, or if {@code unknown} may have happened. */
  static StorageException of(SQLException e, String where, boolean unknown) {
    int code = e.getErrorCode() & PRIMARY;
    Kind kind =
        switch (code) {
          case BUSY, LOCKED, PROTOCOL, FULL, IOERR, CANTOPEN, READONLY, NOMEM, INTERRUPT ->
              Kind.UNAVAILABLE;
          case CORRUPT, NOTADB -> Kind.CORRUPT;
          case TOOBIG -> Kind.LIMIT;
          default -> Kind.INTERNAL;
        };
    String text = "SQLite at " + where + ": " + e.getMessage() + ". " + advice(code);
    return new StorageException(kind, unknown, text, e);
  }

  private static String advice(int code) {
    return switch (code) {
      case BUSY, LOCKED, PROTOCOL ->
          "Another process held the write lock longer than busyTimeout; end its transaction, or"
              + " raise busyTimeout.";
      case FULL -> "The disk is full; free some space.";
      case IOERR -> "The disk failed; look at the system log, and keep the file off network disks.";
      case CANTOPEN -> "The file or its folder can not be opened; check path and permissions.";
      case READONLY ->
          "The file, its folder or its file system is read-only, or the file was moved; make it"
              + " writable.";
      case NOMEM -> "There is not enough memory.";
      case CORRUPT -> "The file is damaged; restore a backup, or rescue it with .recover.";
      case NOTADB -> "The file is not a SQLite database; give another path.";
      case TOOBIG -> "A value is larger than SQLite takes; send smaller ones.";
      default -> "The call was rolled back.";
    };
  }
}
