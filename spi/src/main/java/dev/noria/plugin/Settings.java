package dev.noria.plugin;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What was configured for one plugin or storage. Names are in lower case with dashes ({@code
 * max-attempts}). A setting that nobody reads is an error that names the nearest known one, so read
 * all of yours in {@code install}. A value that cannot be read is reported together with all other
 * problems. Implemented by the kernel only; methods may be added. Thread-safe.
 */
public interface Settings {

  /** The value as it was written. */
  Optional<String> text(String name);

  /** A whole number. */
  Optional<Integer> number(String name);

  /** {@code true} or {@code false}. */
  Optional<Boolean> flag(String name);

  /** Such as {@code 30s}, {@code 5m}, {@code 250ms}, {@code 1h}, {@code 7d}, or {@code PT30S}. */
  Optional<Duration> duration(String name);

  /** A decimal number. */
  Optional<Double> decimal(String name);

  /** The names that were given a value. */
  Set<String> names();
}
