package dev.noria.middleware;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Where a middleware wants to stand: a phase, and inside it wishes relative to other plugins. A
 * wish that names an absent plugin is ignored; a cycle of wishes is an error. Immutable.
 *
 * @param phase the phase
 * @param before plugin ids that it encloses, when they stand in the same phase
 * @param after plugin ids that enclose it, when they stand in the same phase
 */
public record Placement(Phase phase, List<String> before, List<String> after) {

  /** Copies the lists. */
  public Placement {
    requireNonNull(phase, "phase");
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** Anywhere in a phase: among its peers in the order of installation. */
  public static Placement in(Phase phase) {
    return new Placement(phase, List.of(), List.of());
  }

  /** The same, enclosing these plugins. */
  public Placement before(String... ids) {
    return new Placement(phase, List.of(ids), after);
  }

  /** The same, enclosed by these plugins. */
  public Placement after(String... ids) {
    return new Placement(phase, before, List.of(ids));
  }
}
