package dev.noria.retries;

import static java.util.Objects.requireNonNull;

import dev.noria.job.JobKind;
import dev.noria.job.Limits;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Installer;
import dev.noria.plugin.Plugin;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Runs a failed job again, later, until its attempts are over; then it is dead.
 *
 * <pre>{@code
 * queue.use(
 *     Retries.exponential(5)
 *         .forType(PAY, RetryPolicy.fixed(20, Duration.ofMinutes(1)))
 *         .on(IllegalArgumentException.class, RetryRule.dead()));
 * }</pre>
 *
 * <p>What the handler decides by itself ({@code retryIn}, {@code fail}, {@code snooze}) stands,
 * within the bound of the attempts. The jitter comes from the {@link RandomGenerator} that the
 * queue was provided with, which then has to be thread-safe, else from each thread's own. Immutable
 * and thread-safe.
 */
public final class Retries implements Plugin {
  static final String ID = "retries";

  private final RetryPolicy standard;
  private final Map<String, RetryPolicy> byType;
  private final Map<Class<? extends Throwable>, RetryRule> byError;
  private final boolean configured;

  private Retries(
      RetryPolicy standard,
      Map<String, RetryPolicy> byType,
      Map<Class<? extends Throwable>, RetryRule> byError,
      boolean configured) {
    this.standard = requireNonNull(standard, "policy");
    this.byType = Map.copyOf(byType);
    this.byError = Map.copyOf(byError);
    this.configured = configured;
  }

  /** After 1 s, 2 s, 4 s … up to 5 min, each ±25 %. */
  public static Retries exponential(int attempts) {
    return of(RetryPolicy.exponential(attempts));
  }

  /** Always after {@code delay}, ±25 %. */
  public static Retries fixed(int attempts, Duration delay) {
    return of(RetryPolicy.fixed(attempts, delay));
  }

  /** After {@code step}, twice the step, three times the step …, each ±25 %. */
  public static Retries linear(int attempts, Duration step) {
    return of(RetryPolicy.linear(attempts, step));
  }

  /** Never: the first failure is the last, except where a type has a policy of its own. */
  public static Retries none() {
    return of(RetryPolicy.none());
  }

  /** By a policy, for every type that has none of its own. */
  public static Retries of(RetryPolicy policy) {
    return new Retries(policy, Map.of(), Map.of(), false);
  }

  /** As the settings say; they are read and checked by now. */
  static Retries configured(RetryPolicy policy) {
    return new Retries(policy, Map.of(), Map.of(), true);
  }

  /** The same with a policy of its own for the jobs of a type. */
  public Retries forType(String type, RetryPolicy policy) {
    Map<String, RetryPolicy> more = new HashMap<>(byType);
    more.put(Limits.checkName("type", type), requireNonNull(policy, "policy"));
    return new Retries(standard, more, byError, configured);
  }

  /** The same with a policy of its own for the jobs of a type. */
  public Retries forType(JobKind<?> type, RetryPolicy policy) {
    return forType(type.name(), policy);
  }

  /**
   * The same with a rule for a class of errors and its subclasses; the most specific rule wins.
   * What {@code CompletionException}, {@code ExecutionException}, {@code InvocationTargetException}
   * and {@code UndeclaredThrowableException} wrap is looked at instead of them, unless one of them
   * has a rule itself.
   */
  public Retries on(Class<? extends Throwable> error, RetryRule rule) {
    Map<Class<? extends Throwable>, RetryRule> more = new HashMap<>(byError);
    more.put(requireNonNull(error, "error"), requireNonNull(rule, "rule"));
    return new Retries(standard, byType, more, configured);
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public void install(Installer installer) {
    if (!configured) {
      refuseSettings(installer);
    }
    Recovery recovery =
        new Recovery(
            type -> byType.getOrDefault(type, standard),
            new Rules(byError),
            installer.time(),
            installer.find(RandomGenerator.class));
    installer.middleware(Placement.in(Phase.RECOVER), recovery);
  }

  /** Code is stronger than settings; one that has no effect must not look as if it had. */
  private static void refuseSettings(Installer installer) {
    List<Problem> problems =
        RetrySettings.NAMES.stream()
            .filter(name -> installer.settings().text(name).isPresent())
            .map(RetrySettings::overruled)
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  @Override
  public String toString() {
    return "Retries[" + standard + ", byType=" + byType + ", byError=" + byError + "]";
  }
}
