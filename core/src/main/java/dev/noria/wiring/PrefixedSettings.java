package dev.noria.wiring;

import dev.noria.plugin.Settings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings below one prefix. A value that can not be read counts as absent, and is noted. */
final class PrefixedSettings implements Settings {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

  private final SettingsSource source;
  private final String prefix;

  PrefixedSettings(SettingsSource source, String prefix) {
    this.source = source;
    this.prefix = prefix;
  }

  @Override
  public Optional<String> text(String name) {
    return source.written(prefix + name).map(SettingsSource.Written::value);
  }

  @Override
  public Optional<Integer> number(String name) {
    return parse(name, "a whole number such as 5", Integer::valueOf);
  }

  @Override
  public Optional<Boolean> flag(String name) {
    return parse(name, "true or false", PrefixedSettings::flagOf);
  }

  @Override
  public Optional<Duration> duration(String name) {
    return parse(name, "a duration such as 250ms, 30s, 5m, 1h, 7d or PT30S", PrefixedSettings::of);
  }

  @Override
  public Optional<Double> decimal(String name) {
    return parse(name, "a decimal number such as 0.5", PrefixedSettings::decimalOf);
  }

  @Override
  public Set<String> names() {
    return source.names(prefix);
  }

  private <T> Optional<T> parse(String name, String form, Function<String, T> reader) {
    Optional<SettingsSource.Written> written = source.written(prefix + name);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(written.get().value()));
    } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
      source.unreadable(written.get(), form);
      return Optional.empty();
    }
  }

  private static Boolean flagOf(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw new IllegalArgumentException(value);
    };
  }

  private static Double decimalOf(String value) {
    double number = Double.parseDouble(value);
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(value);
    }
    return number;
  }

  private static Duration of(String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      return Duration.parse(value);
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
