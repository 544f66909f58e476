package dev.noria.tck.history;

import dev.noria.job.JobId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a history shows. Immutable.
 *
 * @param jobs how many jobs it is about
 * @param runs how many leases were handed out
 * @param counts how many findings of each kind; kinds without are absent
 * @param findings the findings, at most {@link #KEPT} of each kind
 * @param checked the invariants, in order
 * @param labels what the run was, for reports: seed, rounds…
 */
public record Verdict(
    long jobs,
    long runs,
    Map<Kind, Long> counts,
    List<Finding> findings,
    List<Checked> checked,
    Map<String, String> labels) {
  /** How many findings of a kind are kept in words; all are counted. */
  public static final int KEPT = 50;

  /** The classes of findings. */
  public enum Kind {
    /** Acknowledged, and neither stored nor rightly gone; or a tick without a job. */
    LOST("lost", true),
    /** There, but never enqueued, or refused, or with other bytes. */
    PHANTOM("phantom", true),
    /** One id, key or tick with two jobs. */
    DUP_ENQUEUE("dup-enqueue", true),
    /** A second execution after a crash, an expiry, a retry or a release. */
    REDELIVERY_LEGAL("redelivery-legal", false),
    /** A second execution after the end, or while the older lease was valid. */
    REDELIVERY_ILLEGAL("redelivery-ILLEGAL", true),
    /** Nothing moves it any more. */
    STUCK("stuck", true),
    /** Alive again after its end, without a replay. */
    RESURRECTED("resurrected", true),
    /** Ended twice in one generation. */
    DOUBLE_TERMINAL("double-terminal", true),
    /** Handed out before it was due, or before what it waits for ended. */
    EARLY("early", true),
    /** Handed out before a better one of its line. */
    INVERTED("inverted", true),
    /** A count or index that a recount does not confirm. */
    INDEX_DRIFT("index-drift", true),
    /** A change of state that the state machine does not have. */
    ILLEGAL_EDGE("illegal-edge", true),
    /** A lost lease that was let through, or a valid one that was refused. */
    FENCING("fencing", true),
    /** Handed out while its queue was paused. */
    WHILE_PAUSED("while-paused", true),
    /** In another queue or group than its own. */
    MIXED("mixed", true),
    /** Ended as poison without the crashes. */
    FALSE_POISON("false-poison", true),
    /** Its enqueue had an unknown outcome, and it came out. */
    RECOVERED("recovered", false),
    /** Undone by a fault that the storage does not promise to survive. */
    LOSS_ALLOWED("loss-allowed", false);

    private final String word;
    private final boolean wrong;

    Kind(String word, boolean wrong) {
      this.word = word;
      this.wrong = wrong;
    }

    /** Whether one such finding makes a history invalid. */
    public boolean isWrong() {
      return wrong;
    }

    /** How reports write it. */
    public String word() {
      return word;
    }
  }

  /**
   * One finding.
   *
   * @param kind its class
   * @param invariant which invariant showed it, such as "I5"
   * @param job which job; null where it is about none
   * @param text what is wrong
   */
  public record Finding(Kind kind, String invariant, @Nullable JobId job, String text) {
    @Override
    public String toString() {
      return kind.word + " (" + invariant + ") " + (job == null ? "" : job + ": ") + text;
    }
  }

  /**
   * How far one invariant was put to the test.
   *
   * @param name such as "I5"
   * @param says what it demands
   * @param facts how often the history could have shown the contrary; 0: nothing was tested
   * @param violations how often it did
   */
  public record Checked(String name, String says, long facts, long violations) {}

  /** Copies the collections. */
  public Verdict {
    counts = Map.copyOf(counts);
    findings = List.copyOf(findings);
    checked = List.copyOf(checked);
    labels = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** Whether nothing is wrong. */
  public boolean valid() {
    return counts.keySet().stream().noneMatch(Kind::isWrong);
  }

  /** How many findings of {@code kind}. */
  public long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** The findings of {@code kind} that are kept. */
  public List<Finding> findings(Kind kind) {
    return findings.stream().filter(finding -> finding.kind == kind).toList();
  }

  /** How far the invariant of that name was put to the test. */
  public Checked checked(String name) {
    return checked.stream()
        .filter(one -> one.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no invariant " + name + "."));
  }

  /** The same with a label. */
  public Verdict label(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(name, value.toString());
    return new Verdict(jobs, runs, counts, findings, checked, more);
  }

  /** This and {@code other} in one: for the rounds of a loop. Labels of {@code other} win. */
  public Verdict plus(Verdict other) {
    Map<Kind, Long> sums = new EnumMap<>(Kind.class);
    sums.putAll(counts);
    other.counts.forEach((kind, count) -> sums.merge(kind, count, Long::sum));
    List<Finding> both = new ArrayList<>();
    for (Kind kind : sums.keySet()) {
      both.addAll(findings(kind));
      both.addAll(other.findings(kind));
    }
    List<Checked> all = new ArrayList<>();
    for (Checked one : checked) {
      Checked more = other.checked(one.name);
      all.add(
          new Checked(
              one.name, one.says, one.facts + more.facts, one.violations + more.violations));
    }
    Map<String, String> names = new LinkedHashMap<>(labels);
    names.putAll(other.labels);
    return new Verdict(jobs + other.jobs, runs + other.runs, sums, capped(both), all, names);
  }

  private static List<Finding> capped(List<Finding> findings) {
    Map<Kind, List<Finding>> byKind =
        findings.stream()
            .collect(
                Collectors.groupingBy(
                    Finding::kind, () -> new EnumMap<>(Kind.class), Collectors.toList()));
    return byKind.values().stream().flatMap(kind -> kind.stream().limit(KEPT)).toList();
  }

  /** One line with every class of findings, as it stands in measurements. */
  public String line() {
    StringBuilder text = new StringBuilder();
    labels.forEach((name, value) -> text.append(name).append('=').append(value).append(' '));
    text.append("jobs=").append(jobs).append(" runs=").append(runs);
    for (Kind kind : Kind.values()) {
      text.append(' ').append(kind.word).append('=').append(count(kind));
    }
    return text.append(valid() ? " VALID" : " INVALID").toString();
  }

  /** The line, and a table of the invariants. */
  public String summary() {
    StringBuilder text = new StringBuilder(line()).append("\n\n");
    text.append("| invariant | demands | facts | violations |\n|---|---|---|---|\n");
    for (Checked one : checked) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %d |%n",
              one.name,
              one.says,
              one.facts,
              one.violations));
    }
    return text.toString();
  }

  /** The line and what is wrong, in words: for messages of failed tests. */
  public String explain() {
    String wrong =
        findings.stream()
            .filter(finding -> finding.kind.wrong)
            .map(Finding::toString)
            .collect(Collectors.joining("\n  "));
    return line() + (wrong.isEmpty() ? "" : "\n  " + wrong);
  }
}
