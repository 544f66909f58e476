package dev.noria.tck;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Which tests show which rule of the storage contract, read from the names of the tests. */
final class RuleIndex {
  private static final Pattern NAME =
      Pattern.compile("([sci][0-9]+|model)(?:_([0-9]+))?_[a-z]\\w*");

  private final Map<String, List<String>> tests = new LinkedHashMap<>();
  private final List<String> strays = new ArrayList<>();

  private RuleIndex() {
    rules().forEach(rule -> tests.put(rule, new ArrayList<>()));
  }

  /** The index of all sections of the suite. */
  static RuleIndex ofSuite() {
    RuleIndex index = new RuleIndex();
    sections().forEach(index::add);
    return index;
  }

  /** Every rule number, as the contract has them. */
  static List<String> rules() {
    List<String> rules = new ArrayList<>();
    rules.addAll(numbered("S0", 10));
    rules.addAll(numbered("S1", 8));
    rules.addAll(numbered("S2", 7));
    rules.addAll(numbered("S3", 8));
    rules.add("S4");
    rules.addAll(numbered("S5", 3));
    rules.add("S6");
    rules.addAll(numbered("C1", 4));
    rules.addAll(numbered("C2", 11));
    rules.addAll(numbered("C3", 5));
    rules.addAll(numbered("C4", 4));
    rules.addAll(numbered("C5", 2));
    rules.addAll(numbered("C6", 4));
    rules.addAll(numbered("C7", 2));
    rules.addAll(numbered("C8", 1));
    rules.addAll(numbered("C9", 2));
    rules.add("I7");
    return rules;
  }

  private static List<String> numbered(String section, int count) {
    List<String> rules = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      rules.add(section + "." + i);
    }
    return rules;
  }

  private static Stream<Class<?>> sections() {
    return Stream.of(JobStorageTck.class, CapabilitySections.class)
        .flatMap(suite -> Stream.of(suite.getDeclaredClasses()))
        .filter(section -> section.isAnnotationPresent(Nested.class));
  }

  private void add(Class<?> section) {
    for (Class<?> type = section;
        type != null && type != Rules.class;
        type = type.getSuperclass()) {
      Stream.of(type.getDeclaredMethods())
          .filter(RuleIndex::isTest)
          .map(Method::getName)
          .sorted()
          .forEach(this::add);
    }
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }

  private void add(String test) {
    Matcher matcher = NAME.matcher(test);
    String rule = matcher.matches() ? rule(matcher) : "";
    if (tests.containsKey(rule) || isSection(rule)) {
      tests.computeIfAbsent(rule, any -> new ArrayList<>()).add(test);
    } else {
      strays.add(test);
    }
  }

  /** Whether this is a whole section, or the model: for tests of what holds for many rules. */
  private static boolean isSection(String name) {
    return rules().contains(name + ".1") || name.equals("MODEL");
  }

  private static String rule(Matcher name) {
    String section = name.group(1).toUpperCase(Locale.ROOT);
    return name.group(2) == null ? section : section + "." + name.group(2);
  }

  /** Rules that no test shows. */
  List<String> untested() {
    return rules().stream().filter(rule -> testsOf(rule).isEmpty()).toList();
  }

  /** Tests whose name starts with no rule that exists. */
  List<String> strays() {
    return strays;
  }

  /** The tests of a rule. */
  List<String> testsOf(String rule) {
    return tests.getOrDefault(rule, List.of());
  }

  /** How many test methods there are, parameters not counted. */
  int size() {
    return strays.size() + tests.values().stream().mapToInt(List::size).sum();
  }

  /** A line for each rule. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    tests.forEach(
        (rule, names) ->
            text.append(rule)
                .append(" → ")
                .append(names.size())
                .append(names.size() == 1 ? " test: " : " tests: ")
                .append(String.join(", ", names.stream().map(RuleIndex::words).toList()))
                .append('\n'));
    return text.append(size())
        .append(" tests of ")
        .append(tests.size())
        .append(" rules")
        .toString();
  }

  private static String words(String test) {
    return test.replaceFirst("^(?:[sci][0-9]+|model)_(?:[0-9]+_)?", "");
  }
}
