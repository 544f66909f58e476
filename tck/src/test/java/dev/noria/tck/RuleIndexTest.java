package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

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
  void aRuleThatDoesNotExistHasNoTests() {
    assertThat(index.testsOf("S9.9")).isEmpty();
    assertThat(index.testsOf("S2.3")).contains("s2_3_higherPriorityFirst");
  }
}
