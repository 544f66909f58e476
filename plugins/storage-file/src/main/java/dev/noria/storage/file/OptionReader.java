package dev.noria.storage.file;

import dev.noria.storage.StorageUri;
import dev.noria.storage.file.FileOptions.Fsync;
import dev.noria.storage.file.FileOptions.Permissions;
import java.nio.file.Path;
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
      List.of(
          "path",
          "fsync",
          "namespace",
          "permissions",
          "allowNetworkFs",
          "poll",
          "folderCommits",
          "checkpointBytes",
          "cacheBytes");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private OptionReader() {}

  static FileOptions read(StorageUri uri) {
    FileOptions options = FileOptions.defaults().withRoot(Path.of(path(uri)));
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
            "The address " + uri + " gives the folder twice. Give it once, before the '?'.");
      }
      return option;
    }
    if (uri.rest().startsWith("//") && !uri.rest().startsWith("///")) {
      throw new IllegalArgumentException(
          "The address "
              + uri
              + " names a server. Expected a folder of this host: file:jobs or"
              + " file:///var/lib/app/jobs.");
    }
    return uri.rest().startsWith("///") ? uri.rest().substring(2) : uri.rest();
  }

  private static FileOptions with(FileOptions options, String name, String value) {
    return switch (name) {
      case "path" -> options;
      case "fsync" -> options.withFsync(word(Fsync.class, name, value));
      case "namespace" -> options.withNamespace(value);
      case "permissions" -> options.withPermissions(word(Permissions.class, name, value));
      case "allowNetworkFs" -> options.withAllowNetworkFs(flag(name, value));
      case "poll" -> options.withPoll(duration(name, value));
      case "folderCommits" -> options.withFolderCommits((int) number(name, value));
      case "checkpointBytes" -> options.withCheckpointBytes(number(name, value));
      case "cacheBytes" -> options.withCacheBytes(number(name, value));
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
        "The file storage has no option '"
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

  private static boolean flag(String name, String value) {
    if (value.equals("true") || value.equals("false")) {
      return value.equals("true");
    }
    throw new IllegalArgumentException(
        name + "='" + value + "' is not known. Expected true or false.");
  }

  private static long number(String name, String value) {
    if (value.matches("\\d{1,10}") && Long.parseLong(value) <= Integer.MAX_VALUE) {
      return Long.parseLong(value);
    }
    throw new IllegalArgumentException(
        name + "='" + value + "' is no number. Expected 0 to " + Integer.MAX_VALUE + ".");
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
