package dev.noria.storage.postgres;

import dev.noria.storage.StorageUri;
import dev.noria.storage.postgres.PostgresOptions.Address;
import dev.noria.storage.postgres.PostgresOptions.Migrate;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/** Reads options out of an address. */
final class OptionReader {
  private static final List<String> KNOWN =
      List.of("user", "password", "namespace", "migrate", "connections", "timeout", "signals");
  private static final Pattern REST =
      Pattern.compile(
          "//(?:([^:@/]*)(?::([^/]*))?@)?(\\[[^\\]]*\\]|[^:/@]*)(?::(\\d+))?(?:/(.*))?");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private OptionReader() {}

  static PostgresOptions read(StorageUri uri) {
    PostgresOptions options = server(uri);
    for (Map.Entry<String, String> option : uri.options().entrySet()) {
      options = with(options, option.getKey(), option.getValue());
    }
    return options;
  }

  private static PostgresOptions server(StorageUri uri) {
    Matcher rest = REST.matcher(uri.rest().isEmpty() ? "//" : uri.rest());
    if (!rest.matches()) {
      throw new IllegalArgumentException(
          "The address "
              + uri
              + " is not understood. Expected such as"
              + " postgresql://user:password@host:5432/database?option=value, with what is"
              + " special in a password percent-encoded (/ is %2F, ? is %3F, @ is %40).");
    }
    String user = decoded(rest.group(1));
    String host = rest.group(3).isEmpty() ? "localhost" : rest.group(3);
    String path = decoded(rest.group(5) == null ? "" : rest.group(5));
    // Without a user the driver takes that of the operating system, without a database the user's.
    Address address =
        new Address(host, rest.group(4) == null ? 5432 : port(rest.group(4)), path, Map.of());
    String password = rest.group(2) == null ? null : decoded(rest.group(2));
    return PostgresOptions.defaults()
        .withAddress(address)
        .withUser(user.isEmpty() ? null : user, password);
  }

  private static int port(String digits) {
    return digits.length() > 5 ? 65_536 : Integer.parseInt(digits);
  }

  private static String decoded(@Nullable String text) {
    try {
      String plain = text == null ? "" : text.replace("+", "%2B");
      return URLDecoder.decode(plain, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Without the cause, which quotes what may be a part of the password.
      throw new IllegalArgumentException(
          "A part of the address has a % that is not followed by two hexadecimal digits. Expected"
              + " %25 for a percent sign.");
    }
  }

  private static PostgresOptions with(PostgresOptions options, String name, String value) {
    return switch (name) {
      case "user" -> options.withUser(value, options.password());
      case "password" -> options.withUser(options.user(), value);
      case "namespace" -> options.withNamespace(value);
      case "migrate" -> options.withMigrate(word(name, value));
      case "connections" -> options.withConnections(number(name, value));
      case "timeout" -> options.withTimeout(duration(name, value));
      case "signals" -> options.withSignals(truth(name, value));
      default -> {
        if (PGProperty.forName(name) == null) {
          throw unknown(name);
        }
        yield options.withProperty(name, value);
      }
    };
  }

  private static IllegalArgumentException unknown(String name) {
    if (name.contains("@")) {
      return new IllegalArgumentException(
          "The address has an @ behind its first ?. Expected what is special in a password to be"
              + " percent-encoded (/ is %2F, ? is %3F, @ is %40).");
    }
    List<String> all = new ArrayList<>(KNOWN);
    for (PGProperty property : PGProperty.values()) {
      all.add(property.getName());
    }
    String nearest = all.get(0);
    for (String known : all) {
      if (strangeness(known, name) < strangeness(nearest, name)) {
        nearest = known;
      }
    }
    return new IllegalArgumentException(
        "The PostgreSQL storage has no option '"
            + name
            + "'. Did you mean '"
            + nearest
            + "'? Known: "
            + String.join(", ", KNOWN)
            + ", and the settings of the driver, such as sslmode.");
  }

  private static Migrate word(String name, String value) {
    for (Migrate constant : Migrate.values()) {
      if (constant.name().equals(value.toUpperCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        name
            + "='"
            + value
            + "' is not known. Expected one of "
            + Arrays.toString(Migrate.values())
            + ".");
  }

  private static int number(String name, String value) {
    if (!value.matches("\\d{1,6}")) {
      throw new IllegalArgumentException(name + "='" + value + "' is not a number.");
    }
    return Integer.parseInt(value);
  }

  private static boolean truth(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes" -> true;
      case "false", "off", "no" -> false;
      default ->
          throw new IllegalArgumentException(
              name + "='" + value + "' is not known. Expected true or false.");
    };
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
