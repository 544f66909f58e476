package dev.noria.tck.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The suite is good for something: it catches every bug of these, by the rule that it breaks. */
class PlantedBugsTest {
  /** Seconds after which a test that waits for a broken storage counts as failed. */
  private static final int IMPATIENT = 5;

  private static final int PATIENT = 60;
  private static final Map<String, String> CAUGHT = new TreeMap<>();

  static List<PlantedBug> bugs() {
    return Stream.<PlantedBug[]>of(
            StoreBugs.values(), DequeueBugs.values(), AckBugs.values(), CapabilityBugs.values())
        .flatMap(Arrays::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void aPlantedBug_isCaughtByTheRuleItBreaks(PlantedBug bug) {
    SuiteRun run =
        SuiteRun.of(bug::decisions, name -> name.startsWith(bug.rule() + "_"), IMPATIENT);
    assertThat(run.failed()).as("of %d tests of rule %s", run.tests(), bug.rule()).isNotEmpty();
    CAUGHT.put(bug.name(), run.failed().get(0));
  }

  @Test
  void withoutABug_nothingFails() {
    Set<String> rules = bugs().stream().map(PlantedBug::rule).collect(Collectors.toSet());
    SuiteRun run =
        SuiteRun.of(
            Decisions::new,
            name -> rules.stream().anyMatch(rule -> name.startsWith(rule + "_")),
            PATIENT);
    assertThat(run.failed()).isEmpty();
    assertThat(run.tests()).isGreaterThan(bugs().size());
  }

  @AfterAll
  static void print() {
    StringBuilder table = new StringBuilder("planted bug → rule → caught by\n");
    for (PlantedBug bug : bugs()) {
      table.append(
          String.format(
              "%-40s %-6s %s%n",
              bug.name(), bug.rule(), CAUGHT.getOrDefault(bug.name(), "NOT CAUGHT")));
    }
    table.append(String.format("%d of %d caught%n", CAUGHT.size(), bugs().size()));
    System.out.print(table);
  }
}
