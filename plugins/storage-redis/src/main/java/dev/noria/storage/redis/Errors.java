package dev.noria.storage.redis;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** What trouble of the driver or the server means to a call. */
final class Errors {
  /** Answers of servers that have not begun, and may another time. */
  private static final List<String> LATER =
      List.of(
          "LOADING",
          "READONLY",
          "CLUSTERDOWN",
          "MASTERDOWN",
          "TRYAGAIN",
          "BUSY",
          "MOVED",
          "ASK",
          "NOREPLICAS",
          "MISCONF",
          "UNBLOCKED");

  private Errors() {}

  /** The storage can not be opened. */
  static StorageException opening(String location, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new StorageException(
        Kind.UNAVAILABLE,
        "Redis at "
            + location
            + " can not be opened: "
            + text(root)
            + ". Expected a server that answers; check address, user and password.",
        cause);
  }

  static StorageException of(String script, Throwable cause) {
    if (cause instanceof StorageException known) {
      return known;
    }
    if (cause instanceof TimeoutException) {
      return new StorageException(
          Kind.UNAVAILABLE,
          true,
          "Redis did not answer '"
              + script
              + "' in time. Expected an answer within the timeout of"
              + " the options; the server is stuck, or the timeout too short.",
          cause);
    }
    if (cause instanceof RedisCommandExecutionException) {
      return answered(script, cause);
    }
    boolean unsent = isUnsent(cause);
    return new StorageException(
        Kind.UNAVAILABLE,
        !unsent,
        "The connection to Redis "
            + (unsent ? "is not there" : "broke during '" + script + "'")
            + ": "
            + text(cause)
            + ". Expected a server that answers; it is connected again as soon as it does.",
        cause);
  }

  private static StorageException answered(String script, Throwable cause) {
    String message = text(cause);
    String word = message.split(" ", 2)[0];
    if (word.equals("NORIACONFLICT")) {
      return new StorageException(
          Kind.CONFLICT,
          "The client of this call has made a later call already. Expected growing sequences.",
          cause);
    }
    if (message.contains("OOM command not allowed")) {
      return new StorageException(
          Kind.UNAVAILABLE,
          "Redis has no memory for '"
              + script
              + "'. Expected free memory below maxmemory; raise it,"
              + " or let jobs be worked off.",
          cause);
    }
    if (LATER.contains(word)) {
      return new StorageException(
          Kind.UNAVAILABLE,
          "Redis can not do '" + script + "' now: " + message + ". It is tried again.",
          cause);
    }
    return new StorageException(Kind.INTERNAL, "Redis refused '" + script + "': " + message, cause);
  }

  /** Whether the command certainly never left: the connection was down before. */
  private static boolean isUnsent(Throwable cause) {
    String message = text(cause).toLowerCase(Locale.ROOT);
    return cause instanceof RedisConnectionException
        || message.contains("commands are rejected")
        || message.contains("request queue size exceeded");
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
