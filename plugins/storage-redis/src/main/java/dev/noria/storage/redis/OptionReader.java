package dev.noria.storage.redis;

import dev.noria.storage.StorageUri;
import dev.noria.storage.redis.RedisOptions.Address;
import dev.noria.storage.redis.RedisOptions.Node;
import dev.noria.storage.redis.RedisOptions.Tls;
import dev.noria.storage.redis.RedisOptions.Topology;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads options out of an address. */
final class OptionReader {
  private static final List<String> KNOWN =
      List.of(
          "user",
          "password",
          "namespace",
          "timeout",
          "db",
          "master",
          "tls",
          "allowEviction",
          "waitReplicas",
          "waitAof");
  static final Set<String> SCHEMES = Set.of("redis", "rediss", "redis-sentinel", "redis+cluster");
  private static final Pattern REST =
      Pattern.compile("//(?:([^:@/]*)(?::([^@/]*))?@)?([^@/]*)(?:/(\\d{0,5}))?");
  private static final Pattern NODE = Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]*)(?::(\\d+))?");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private OptionReader() {}

  static RedisOptions read(StorageUri uri) {
    return read(uri, Optional.empty());
  }

  /**
   * An address without a server means the usual one, if there is one. Its options count, too; those
   * of the address itself are stronger.
   */
  static RedisOptions read(StorageUri uri, Optional<String> usual) {
    boolean bare =
        uri.scheme().equals("redis") && (uri.rest().isEmpty() || uri.rest().equals("//"));
    if (bare && usual.isPresent()) {
      StorageUri given = StorageUri.parse(usual.get());
      if (!SCHEMES.contains(given.scheme())) {
        throw new IllegalArgumentException(
            "REDIS_URL is no address of Redis. Expected one that begins with redis:, rediss:,"
                + " redis-sentinel: or redis+cluster:.");
      }
      return with(withOptions(given), uri.options());
    }
    return withOptions(uri);
  }

  private static RedisOptions withOptions(StorageUri uri) {
    RedisOptions options = with(server(uri, uri.options()), uri.options());
    if (uri.scheme().equals("rediss") && options.address().tls() == Tls.OFF) {
      throw new IllegalArgumentException(
          "The address says rediss: and tls=off. Expected one of them; redis: is not encrypted.");
    }
    return options;
  }

  private static RedisOptions with(RedisOptions start, Map<String, String> given) {
    RedisOptions options = start;
    for (Map.Entry<String, String> option : given.entrySet()) {
      options = with(options, option.getKey(), option.getValue());
    }
    return options;
  }

  private static RedisOptions server(StorageUri uri, Map<String, String> options) {
    Matcher rest = REST.matcher(uri.rest().isEmpty() ? "//" : uri.rest());
    if (!rest.matches()) {
      throw new IllegalArgumentException(
          "The address "
              + uri
              + " is not understood. Expected such as"
              + " redis://user:password@host:6379/0?option=value, with what is special in a"
              + " password percent-encoded (/ is %2F, ? is %3F, @ is %40).");
    }
    Topology topology =
        switch (uri.scheme()) {
          case "redis-sentinel" -> Topology.SENTINEL;
          case "redis+cluster" -> Topology.CLUSTER;
          default -> Topology.STANDALONE;
        };
    String path = rest.group(4) == null ? "" : rest.group(4);
    Address address =
        new Address(
            topology,
            nodes(rest.group(3), topology == Topology.SENTINEL ? 26_379 : 6379),
            path.isEmpty() ? 0 : Integer.parseInt(path),
            topology == Topology.SENTINEL ? options.getOrDefault("master", "") : "",
            uri.scheme().equals("rediss") ? Tls.ON : Tls.OFF);
    String user = decoded(rest.group(1));
    String password = rest.group(2) == null ? null : decoded(rest.group(2));
    return RedisOptions.defaults()
        .withAddress(address)
        .withUser(user.isEmpty() ? null : user, password);
  }

  private static List<Node> nodes(String text, int usualPort) {
    List<Node> nodes = new ArrayList<>();
    for (String one : (text.isEmpty() ? "localhost" : text).split(",", -1)) {
      Matcher node = NODE.matcher(one);
      if (!node.matches()) {
        throw new IllegalArgumentException(
            // Not quoted: it may be the beginning of a password with a question mark.
            "A node of the address is not understood. Expected host:port, and what is special in a"
                + " password percent-encoded (/ is %2F, ? is %3F, @ is %40).");
      }
      String host = node.group(1).replace("[", "").replace("]", "");
      nodes.add(new Node(host, node.group(2) == null ? usualPort : port(node.group(2))));
    }
    return nodes;
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

  private static RedisOptions with(RedisOptions options, String name, String value) {
    Address address = options.address();
    return switch (name) {
      case "user" -> options.withUser(value, options.password());
      case "password" -> options.withUser(options.user(), value);
      case "namespace" -> options.withNamespace(value);
      case "timeout" -> options.withTimeout(duration(name, value));
      case "allowEviction" -> options.withAllowEviction(truth(name, value));
      case "waitReplicas" -> options.withWaitReplicas(number(name, value));
      case "waitAof" -> options.withWaitAof(truth(name, value));
      case "db" ->
          options.withAddress(
              new Address(
                  address.topology(),
                  address.nodes(),
                  number(name, value),
                  address.master(),
                  address.tls()));
      case "master" ->
          options.withAddress(
              new Address(
                  address.topology(), address.nodes(), address.database(), value, address.tls()));
      case "tls" ->
          options.withAddress(
              new Address(
                  address.topology(),
                  address.nodes(),
                  address.database(),
                  address.master(),
                  tls(value)));
      default -> throw unknown(name);
    };
  }

  private static IllegalArgumentException unknown(String name) {
    if (name.contains("@")) {
      return new IllegalArgumentException(
          "The address has an @ behind its first ?. Expected what is special in a password to be"
              + " percent-encoded (/ is %2F, ? is %3F, @ is %40).");
    }
    String nearest = KNOWN.get(0);
    for (String known : KNOWN) {
      if (distance(known, name) < distance(nearest, name)) {
        nearest = known;
      }
    }
    return new IllegalArgumentException(
        "The Redis storage has no option '"
            + name
            + "'. Did you mean '"
            + nearest
            + "'? Known: "
            + String.join(", ", KNOWN)
            + ".");
  }

  private static Tls tls(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes" -> Tls.ON;
      case "off", "false", "no" -> Tls.OFF;
      case "unverified" -> Tls.UNVERIFIED;
      default ->
          throw new IllegalArgumentException(
              "tls='" + value + "' is not known. Expected on, off or unverified.");
    };
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
