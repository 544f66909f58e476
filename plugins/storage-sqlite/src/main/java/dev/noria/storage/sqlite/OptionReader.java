package dev.noria.storage.sqlite;

import dev.noria.storage.StorageUri;
import dev.noria.storage.sqlite.SqliteOptions.Migrate;
import dev.noria.storage.sqlite.SqliteOptions.Synchronous;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads options out of an address. */
final class OptionReader {
  private static final List<String> KNOWN =
      List.of("path", "synchronous", "busyTimeout", "namespace", "migrate", "eventPoll");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private OptionReader() {}

  static SqliteOptions read(StorageUri uri) {
    SqliteOptions options = SqliteOptions.defaults().withPath(path(uri));
    for (Map.Entry<String, String> option : uri.options().entrySet()) {
      options = with(options, option.getKey(), option.getValue());
    }
    return options;
  }

  private static String path(StorageUri uri) {
    String option = uri.options().get("path");
    if (option != null) {
      if (!uri.rest().isEmpty()) {
        throw new IllegalArgumentException(
            "The address " + uri + " gives the file twice. Give it once, before the '?'.");
      }
      return option;
    }
    if (uri.rest().startsWith("//") && !uri.rest().startsWith("///")) {
      throw new IllegalArgumentException(
          "The address "
              + uri
              + " names a server. Expected a file of this host: sqlite:rel.db or"
              + " sqlite:///abs.db.");
    }
    return uri.rest().startsWith("///") ? uri.rest().substring(2) : uri.rest();
  }

  private static SqliteOptions with(SqliteOptions options, String name, String value) {
    return switch (name) {
      case "path" -> options.withPath(value);
      case "synchronous" -> options.withSynchronous(word(Synchronous.class, name, value));
      case "busyTimeout" -> options.withBusyTimeout(duration(name, value));
      case "namespace" -> options.withNamespace(value);
      case "migrate" -> options.withMigrate(word(Migrate.class, name, value));
      case "eventPoll" -> options.withEventPoll(duration(name, value));
      default -> throw unknown(name);
    };
  }

  private static IllegalArgumentException unknown(String name) {
    String nearest = KNOWN.get(0);
    for (String known : KNOWN) {
      if (strangeness(known, name) < strangeness(nearest, name)) {
        nearest = known;
      }
    }
    return new IllegalArgumentException(
        "The SQLite storage has no option '"
            + name
            + "'. Did you mean '"
            + nearest
            + "'? Known: "
            + String.join(", ", KNOWN)
            + ".");
  }

  private static <E extends Enum<E>> E word(Class<E> type, String name, String value) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(value.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        name
            + "='"
            + value
            + "' is not known. Expected one of "
            + Arrays.toString(type.getEnumConstants())
            + ".");
  }

  private static Duration duration(String name, String value) {
    Matcher matcher = SPAN.matcher(value);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        default -> Duration.ofDays(count);
      };
    }
    try {
      return Duration.parse(value);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          name + "='" + value + "' is not a span of time. Expected such as 250ms, 5s or PT5S.", e);
    }
  }

  /** Letters to change; none where one is a part of the other. */
  private static int strangeness(String known, String name) {
    String word = name.toLowerCase(Locale.ROOT);
    boolean part = word.length() > 2 && known.toLowerCase(Locale.ROOT).contains(word);
    return part ? 0 : distance(known, name);
  }

  private static int distance(String left, String right) {
    int[] previous = new int[right.length() + 1];
    Arrays.setAll(previous, i -> i);
    for (int i = 1; i <= left.length(); i++) {
      int[] row = new int[right.length() + 1];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        boolean same =
            Character.toLowerCase(left.charAt(i - 1)) == Character.toLowerCase(right.charAt(j - 1));
        row[j] = Math.min(Math.min(row[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
      }
      previous = row;
    }
    return previous[right.length()];
  }
}
