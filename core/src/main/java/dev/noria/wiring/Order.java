package dev.noria.wiring;

import dev.noria.chain.Link;
import dev.noria.middleware.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts links in order: by phase, inside a phase by wishes, else as they were installed. Stable: of
 * the links that may stand next, the one installed first does.
 */
final class Order {
  private Order() {}

  static List<Link> of(List<Link> installed, Findings findings) {
    List<Link> ordered = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      List<Link> peers =
          installed.stream().filter(link -> link.placement().phase() == phase).toList();
      ordered.addAll(inPhase(phase, peers, findings));
    }
    return List.copyOf(ordered);
  }

  private static List<Link> inPhase(Phase phase, List<Link> peers, Findings findings) {
    List<Link> waiting = new ArrayList<>(peers);
    List<Link> ordered = new ArrayList<>();
    while (!waiting.isEmpty()) {
      @Nullable Link next = firstFree(waiting);
      if (next == null) {
        findings.add(ProblemCode.ORDER_CYCLE, cycle(phase, waiting));
        return peers;
      }
      waiting.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  private static @Nullable Link firstFree(List<Link> waiting) {
    for (Link link : waiting) {
      if (encloser(link, waiting) == null) {
        return link;
      }
    }
    return null;
  }

  /** A link among {@code waiting} that has to stand outside of {@code link}. */
  private static @Nullable Link encloser(Link link, List<Link> waiting) {
    for (Link other : waiting) {
      boolean wished =
          other.placement().before().contains(link.plugin())
              || link.placement().after().contains(other.plugin());
      if (wished && !other.plugin().equals(link.plugin())) {
        return other;
      }
    }
    return null;
  }

  /** Every waiting link has an encloser, so going outward must come round. */
  private static String cycle(Phase phase, List<Link> waiting) {
    List<String> path = new ArrayList<>();
    @Nullable Link link = waiting.get(0);
    while (link != null && !path.contains(link.plugin())) {
      path.add(0, link.plugin());
      link = encloser(link, waiting);
    }
    String again = link == null ? path.get(0) : link.plugin();
    List<String> round = new ArrayList<>(path.subList(0, path.indexOf(again) + 1));
    round.add(0, again);
    return "The places of plugins in phase "
        + phase
        + " contradict each other: "
        + String.join(" → ", round)
        + " (each wants to enclose the next). Expected an order without a circle."
        + " Remove one of the wishes before(…) or after(…).";
  }
}
