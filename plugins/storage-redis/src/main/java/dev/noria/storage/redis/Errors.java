package dev.noria.storage.redis;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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

  /** What a future or a stage failed with. */
  static Throwable unwrapped(Throwable error) {
    boolean wraps = error instanceof ExecutionException || error instanceof CompletionException;
    return wraps && error.getCause() != null ? unwrapped(error.getCause()) : error;
  }

  /** Whether the server is a replica, which writes nothing. */
  static boolean isReadOnly(Throwable cause) {
    return cause instanceof RedisCommandExecutionException && is("READONLY", text(cause));
  }

  /** Whether a message begins with a word, or a server before 7.0 says so of a script's command. */
  private static boolean is(String word, String message) {
    return message.startsWith(word + " ")
        || message.equals(word)
        || (message.startsWith("ERR Error running script") && message.contains(": -" + word + " "));
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
    if (is("NORIACONFLICT", message)) {
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
    if (LATER.stream().anyMatch(word -> is(word, message))) {
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
        || message.contains("connection is closed")
        || message.contains("request queue size exceeded");
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
