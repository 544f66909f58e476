package dev.noria.storage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a storage: {@code scheme:rest?option=value&…}. Looser than {@link java.net.URI},
 * so that {@code memory:} and {@code sqlite:jobs.db} are addresses. Immutable.
 *
 * @param scheme picks the storage, in lower case
 * @param rest what stands between the scheme and the options, as it was written
 * @param options what stands behind the question mark, decoded
 */
public record StorageUri(String scheme, String rest, Map<String, String> options) {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):([^?]*)(?:\\?(.*))?", Pattern.DOTALL);

  /** Up to the last @: a password may have been written without encoding what is special in it. */
  private static final Pattern SECRET = Pattern.compile("(//[^/@:]*):.*@", Pattern.DOTALL);

  /** What stands where a port should be is the beginning of a password with a question mark. */
  private static final Pattern CUT_SECRET =
      Pattern.compile("(//[^/@:\\[]*):(?!\\d*(?:[/,]|$))[^@]*$", Pattern.DOTALL);

  /** Copies the options. */
  public StorageUri {
    options = Map.copyOf(options);
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it has no scheme, or an option twice
   */
  public static StorageUri parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + mask(text)
              + "' is not a storage address. Expected scheme:…, such as memory: or"
              + " sqlite:jobs.db.");
    }
    String query = matcher.group(3);
    return new StorageUri(
        matcher.group(1).toLowerCase(Locale.ROOT),
        matcher.group(2),
        query == null ? Map.of() : options(query));
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (options.put(name, value) != null) {
        throw new IllegalArgumentException(
            "The storage address gives the option '" + name + "' twice. Give it once.");
      }
    }
    return options;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String mask(String text) {
    String masked = SECRET.matcher(text).replaceAll("$1:***@");
    return CUT_SECRET.matcher(masked).replaceAll("$1:***");
  }

  /** The address with passwords masked; fit for logs. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(scheme).append(':').append(mask(rest));
    String separator = "?";
    for (Map.Entry<String, String> option : new java.util.TreeMap<>(options).entrySet()) {
      boolean secret = option.getKey().toLowerCase(Locale.ROOT).contains("password");
      boolean cut = option.getKey().contains("@");
      text.append(separator).append(cut ? "***" : option.getKey()).append('=');
      text.append(secret ? "***" : option.getValue());
      separator = "&";
    }
    return text.toString();
  }
}
