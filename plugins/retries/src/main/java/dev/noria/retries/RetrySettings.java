package dev.noria.retries;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policy that the settings describe; all that is wrong with them is reported together. */
final class RetrySettings {
  private static final String PREFIX = "noria.plugins.retries.";
  private static final String BAD_SETTING = "NORIA-031";
  private static final int MOST_ATTEMPTS = 1_000_000;
  private static final String STRATEGY = "strategy";
  private static final String MAX_ATTEMPTS = "max-attempts";
  private static final String BASE = "base";
  private static final String FACTOR = "factor";
  private static final String CAP = "cap";
  private static final String JITTER = "jitter";
  private static final String MAX_ELAPSED = "max-elapsed";

  /** All of them. */
  static final List<String> NAMES =
      List.of(MAX_ATTEMPTS, STRATEGY, BASE, FACTOR, CAP, JITTER, MAX_ELAPSED);

  private final Settings settings;
  private final List<Problem> problems = new ArrayList<>();

  private enum Strategy {
    FIXED,
    LINEAR,
    EXPONENTIAL
  }

  RetrySettings(Settings settings) {
    this.settings = settings;
  }

  /** A setting that has no effect, because the plugin was configured in code. */
  static Problem overruled(String name) {
    return new Problem(
        BAD_SETTING,
        "The setting "
            + PREFIX
            + name
            + " has no effect, because the code uses the plugin with a policy of its own. Expected"
            + " one place. Remove the setting, or the call use(Retries…).");
  }

  RetryPolicy policy() {
    int attempts = attempts();
    Strategy strategy = strategy();
    Duration base = delay(BASE, RetryPolicy.BASE);
    double factor = factor(strategy);
    Duration cap = cap(base);
    double jitter = decimal(JITTER, RetryPolicy.JITTER, 0, 1);
    Duration maxElapsed = maxElapsed();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    RetryPolicy policy =
        switch (strategy) {
          case FIXED -> RetryPolicy.fixed(attempts, base);
          case LINEAR -> RetryPolicy.linear(attempts, base);
          case EXPONENTIAL -> RetryPolicy.exponential(attempts, base, factor);
        };
    RetryPolicy bounded = policy.withCap(cap).withJitter(jitter);
    return maxElapsed == null ? bounded : bounded.withMaxElapsed(maxElapsed);
  }

  private int attempts() {
    int value = settings.number(MAX_ATTEMPTS).orElse(RetryPolicy.ATTEMPTS);
    if (value < 1 || value > MOST_ATTEMPTS) {
      bad(MAX_ATTEMPTS, value, "1 to " + MOST_ATTEMPTS, RetryPolicy.ATTEMPTS);
    }
    return value;
  }

  private Strategy strategy() {
    String text = settings.text(STRATEGY).orElse("exponential");
    return switch (text) {
      case "fixed" -> Strategy.FIXED;
      case "linear" -> Strategy.LINEAR;
      case "exponential" -> Strategy.EXPONENTIAL;
      default -> {
        bad(STRATEGY, text, "fixed, linear or exponential", "exponential");
        yield Strategy.EXPONENTIAL;
      }
    };
  }

  private double factor(Strategy strategy) {
    if (strategy != Strategy.EXPONENTIAL && settings.text(FACTOR).isPresent()) {
      bad(FACTOR, settings.text(FACTOR).orElse(""), "none with another strategy", "none");
    }
    return decimal(FACTOR, RetryPolicy.FACTOR, 1, RetryPolicy.MOST_FACTOR);
  }

  private double decimal(String name, double standard, double least, double most) {
    double value = settings.decimal(name).orElse(standard);
    if (!(value >= least && value <= most)) {
      bad(name, value, least + " to " + most, standard);
      return standard;
    }
    return value;
  }

  private Duration delay(String name, Duration standard) {
    Duration value = settings.duration(name).orElse(standard);
    if (value.isNegative() || value.compareTo(RetryPolicy.LONGEST) > 0) {
      bad(name, value, "zero to 365 days", standard);
      return standard;
    }
    return value;
  }

  private Duration cap(Duration base) {
    Duration standard = base.compareTo(RetryPolicy.CAP) > 0 ? base : RetryPolicy.CAP;
    Duration value = delay(CAP, standard);
    if (value.compareTo(base) < 0) {
      bad(CAP, value, "at least the base of " + base, standard);
    }
    return value;
  }

  private @Nullable Duration maxElapsed() {
    Optional<Duration> value = settings.duration(MAX_ELAPSED);
    if (value.isPresent() && !RetryPolicy.isElapsed(value.get())) {
      bad(MAX_ELAPSED, value.get(), "above zero, to 100 years", "no bound");
      return null;
    }
    return value.orElse(null);
  }

  private void bad(String name, Object value, String expected, Object standard) {
    problems.add(
        new Problem(
            BAD_SETTING,
            "The setting "
                + PREFIX
                + name
                + " has the value '"
                + value
                + "'. Expected "
                + expected
                + ". Correct it, or remove it to get "
                + standard
                + "."));
  }
}
