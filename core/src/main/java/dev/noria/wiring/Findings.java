package dev.noria.wiring;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The problems of one run, gathered so that all are reported at once. */
final class Findings {
  private final List<Problem> problems = new ArrayList<>();
  private @Nullable Throwable cause;

  void add(ProblemCode code, String message) {
    problems.add(code.problem(message));
  }

  void add(ProblemCode code, String message, Throwable because) {
    add(code, message);
    cause(because);
  }

  void addAll(List<Problem> more) {
    problems.addAll(more);
  }

  /** Takes over what another run found. */
  void addAll(ConfigurationException found) {
    addAll(found.problems());
    cause(found);
  }

  List<Problem> all() {
    return List.copyOf(problems);
  }

  Optional<Throwable> cause() {
    return Optional.ofNullable(cause);
  }

  ConfigurationException exception() {
    return new ConfigurationException(problems, cause);
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw exception();
    }
  }

  /** The first is the cause of what is thrown; later ones hang on it. */
  private void cause(Throwable because) {
    if (cause == null) {
      cause = because;
    } else if (cause != because) {
      cause.addSuppressed(because);
    }
  }
}
