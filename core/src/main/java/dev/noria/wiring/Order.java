package dev.noria.wiring;

import dev.noria.chain.Link;
import dev.noria.middleware.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts links in order: by phase, inside a phase as they were installed, but each right behind those
 * that have to enclose it.
 */
final class Order {
  private final Phase phase;
  private final List<Link> peers;
  private final List<Link> ordered = new ArrayList<>();
  private final List<Link> path = new ArrayList<>();
  private final Findings findings;

  private Order(Phase phase, List<Link> peers, Findings findings) {
    this.phase = phase;
    this.peers = peers;
    this.findings = findings;
  }

  static List<Link> of(List<Link> installed, Findings findings) {
    List<Link> ordered = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      List<Link> peers =
          installed.stream().filter(link -> link.placement().phase() == phase).toList();
      ordered.addAll(new Order(phase, peers, findings).run());
    }
    return List.copyOf(ordered);
  }

  private List<Link> run() {
    for (Link link : peers) {
      if (!place(link)) {
        // One circle is enough to report: the others may be the same one, entered elsewhere.
        return peers;
      }
    }
    return ordered;
  }

  /** Places what encloses the link, then the link; false if the wishes go round in a circle. */
  private boolean place(Link link) {
    if (ordered.contains(link)) {
      return true;
    }
    int before = path.indexOf(link);
    path.add(link);
    if (before >= 0) {
      findings.add(ProblemCode.ORDER_CYCLE, circle(path.subList(before, path.size())));
      return false;
    }
    for (Link other : peers) {
      if (encloses(other, link) && !place(other)) {
        return false;
      }
    }
    path.remove(path.size() - 1);
    ordered.add(link);
    return true;
  }

  private static boolean encloses(Link outer, Link inner) {
    boolean wished =
        outer.placement().before().contains(inner.plugin())
            || inner.placement().after().contains(outer.plugin());
    return wished && !outer.plugin().equals(inner.plugin());
  }

  /** The path goes from the inside out; it is told from the outside in, from its first plugin. */
  private String circle(List<Link> inwards) {
    List<String> round = new ArrayList<>();
    inwards.forEach(link -> round.add(0, link.plugin()));
    return "The places of plugins in phase "
        + phase
        + " contradict each other: "
        + String.join(" → ", round)
        + " (each wants to enclose the next). Expected an order without a circle."
        + " Remove one of the wishes before(…) or after(…).";
  }
}
