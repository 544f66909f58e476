package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.chain.Link;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.ConfigurationException.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {
  private static final Placement ADMIT = Placement.in(Phase.ADMIT);

  private final Findings findings = new Findings();

  private static Link link(String id, Placement placement) {
    return new Link(id, placement, new Middleware() {});
  }

  private List<String> order(Link... links) {
    return Order.of(List.of(links), findings).stream().map(Link::plugin).toList();
  }

  @Test
  void phases_comeBeforeEverything() {
    assertThat(
            order(
                link("e", Placement.in(Phase.INVOKE)),
                link("d", Placement.in(Phase.TRANSFORM)),
                link("c", Placement.in(Phase.ADMIT)),
                link("b", Placement.in(Phase.RECOVER).after("e")),
                link("a", Placement.in(Phase.OBSERVE).after("b"))))
        .containsExactly("a", "b", "c", "d", "e");
    assertThat(findings.all()).isEmpty();
  }

  @Test
  void peers_keepTheOrderOfInstallation() {
    assertThat(order(link("c", ADMIT), link("a", ADMIT), link("b", ADMIT)))
        .containsExactly("c", "a", "b");
  }

  @Test
  void before_enclosesAndStandsRightThere() {
    assertThat(order(link("a", ADMIT), link("b", ADMIT), link("c", ADMIT.before("a"))))
        .containsExactly("c", "a", "b");
  }

  @Test
  void after_isEnclosed() {
    assertThat(order(link("a", ADMIT.after("c")), link("b", ADMIT), link("c", ADMIT)))
        .containsExactly("c", "a", "b");
  }

  @Test
  void absentPluginsAndOneself_areIgnored() {
    assertThat(order(link("a", ADMIT.after("x").before("a")), link("b", ADMIT)))
        .containsExactly("a", "b");
  }

  @Test
  void cycle_isSpelledOut() {
    order(
        link("x", ADMIT),
        link("a", ADMIT.before("b")),
        link("b", ADMIT.before("c")),
        link("c", ADMIT.before("a")),
        link("inside", ADMIT.after("a")));
    assertThat(findings.all())
        .extracting(Problem::toString)
        .containsExactly(
            "NORIA-018 The places of plugins in phase ADMIT contradict each other: a → b → c → a"
                + " (each wants to enclose the next). Expected an order without a circle. Remove"
                + " one of the wishes before(…) or after(…).");
  }
}
