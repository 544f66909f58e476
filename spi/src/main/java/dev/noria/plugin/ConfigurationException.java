package dev.noria.plugin;

import dev.noria.job.NoriaException;
import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue can not be put together as configured. Reports all problems at once, each with what was
 * found, what was expected, and how to fix it.
 */
public final class ConfigurationException extends NoriaException {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /** With at least one problem. */
  public ConfigurationException(List<Problem> problems) {
    this(problems, null);
  }

  /** With at least one problem, and what caused it. */
  public ConfigurationException(List<Problem> problems, @Nullable Throwable cause) {
    super(text(problems), cause);
    this.problems = List.copyOf(problems);
  }

  /** The problems, in the order in which they were found. */
  public List<Problem> problems() {
    return problems;
  }

  private static String text(List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    for (Problem problem : problems) {
      text.append(problem).append(System.lineSeparator());
    }
    text.append(problems.size()).append(problems.size() == 1 ? " problem" : " problems");
    return text.toString();
  }

  /**
   * One problem.
   *
   * @param code names it in the documentation: {@code NORIA-012}
   * @param message what is wrong, what was expected, how to fix it
   */
  public record Problem(String code, String message) {
    @Override
    public String toString() {
      return code + " " + message;
    }
  }
}
