package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RuleIndexTest {
  private static final int LEAST_TESTS = 200;

  private final RuleIndex index = RuleIndex.ofSuite();

  @Test
  void everyRuleHasATest() {
    System.out.println(index);
    assertThat(index.untested()).isEmpty();
  }

  @Test
  void everyTestNamesARule() {
    assertThat(index.strays()).isEmpty();
  }

  @Test
  void theSuiteIsNoSmallerThanPromised() {
    assertThat(index.size()).isGreaterThanOrEqualTo(LEAST_TESTS);
  }

  @Test
  void theContractHasTheSameRules() throws IOException {
    assertThat(rulesOfContract()).isEqualTo(new TreeSet<>(RuleIndex.rules()));
  }

  @Test
  void theJavadocHasTheSameRules() throws IOException {
    assertThat(rulesOfJavadoc()).isEqualTo(new TreeSet<>(RuleIndex.rules()));
  }

  /** Numbered items below `## S1 …`, sections without any, capabilities, and the edges. */
  private static Set<String> rulesOfContract() throws IOException {
    Pattern section = Pattern.compile("## (S\\d) .*");
    Pattern item = Pattern.compile("(\\d+)\\. .*");
    Set<String> rules = new TreeSet<>();
    String current = "";
    List<String> lines = Files.readAllLines(Path.of("../docs/storage-contract.md"));
    for (String line : lines) {
      Matcher head = section.matcher(line);
      Matcher rule = item.matcher(line);
      if (line.startsWith("## ")) {
        current = head.matches() ? head.group(1) : "";
        rules.addAll(current.isEmpty() ? List.of() : List.of(current));
      } else if (rule.matches() && !current.isEmpty()) {
        boolean alone = rules.remove(current);
        assertThat(alone).isEqualTo(rule.group(1).equals("1"));
        rules.add(current + "." + rule.group(1));
      }
    }
    rules.addAll(all(Pattern.compile("\\*\\*(C\\d+\\.\\d+)\\*\\*"), String.join("\n", lines)));
    rules.addAll(all(Pattern.compile("(?m)^(I7) only legal edges"), String.join("\n", lines)));
    return rules;
  }

  /** Where a rule is said: in bold in a list, or at the beginning of a comment. */
  private static Set<String> rulesOfJavadoc() throws IOException {
    Pattern said =
        Pattern.compile(
            "<b>([SC]\\d\\.\\d+)</b>|(?m)^ *(?:/\\*)?\\*+ ([SC]\\d(?:\\.\\d+)?)\\. "
                + "|are gone \\((C6\\.4)\\)|refuses the rest \\((I7)\\)");
    Set<String> rules = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("../spi/src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        rules.addAll(all(said, Files.readString(file)));
      }
    }
    rules.removeIf(rule -> rules.contains(rule + ".1")); // the head of a section
    return rules;
  }

  private static List<String> all(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    for (MatchResult match : pattern.matcher(text).results().toList()) {
      for (int i = 1; i <= match.groupCount(); i++) {
        if (match.group(i) != null) {
          found.add(match.group(i));
        }
      }
    }
    return found;
  }

  @Test
  void aRuleThatDoesNotExistHasNoTests() {
    assertThat(index.testsOf("S9.9")).isEmpty();
    assertThat(index.testsOf("S2.3")).contains("s2_3_higherPriorityFirst");
  }
}
