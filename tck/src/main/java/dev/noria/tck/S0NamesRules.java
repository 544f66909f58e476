package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.job.StoredJob;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names are any text, compared bytewise, and never escape their place (S0.7). */
abstract class S0NamesRules extends Rules {

  static Stream<String> oddNames() {
    return Stream.of(oddSigns(), oddLetters(), attacks()).flatMap(signs -> signs);
  }

  private static Stream<String> oddSigns() {
    return Stream.of(
        " ",
        "  leading",
        "trailing ",
        "'",
        "\"",
        "`",
        "\\",
        "{}",
        "{tag}",
        "}{",
        "a:b",
        "a|b",
        "a,b",
        "*",
        "?",
        "%",
        "_",
        "[a]",
        "#",
        "~",
        "-rf",
        "0",
        "-1",
        "$1",
        ":name",
        "?1");
  }

  private static Stream<String> oddLetters() {
    return Stream.of(
        "\n",
        "a\nb",
        "\r\n",
        "\t",
        "\u0001",
        "\u007f",
        "\u0085",
        "\u2028",
        "\ufeff",
        "é",
        "e\u0301",
        "ÅÅ",
        "ß",
        "İ",
        "漢字",
        "🦊",
        "🧅🦊🧅",
        "\uffff",
        "ﬁ",
        "a".repeat(200),
        "é".repeat(100),
        "🦊".repeat(50));
  }

  private static Stream<String> attacks() {
    return Stream.of(
        "..",
        ".",
        "../../etc/passwd",
        "/",
        "a/b",
        "C:\\x",
        "con",
        "null",
        "NULL",
        "true",
        "'; DROP TABLE noria_jobs; --",
        "$$; SELECT 1; $$",
        "') OR 1=1 --",
        "]] redis.call('FLUSHALL') --[[",
        "\" .. os.exit() .. \"",
        "${jndi:ldap://x}",
        "%n%s%x");
  }

  /** Two names that careless comparisons take for one. */
  static Stream<List<String>> lookalikes() {
    return Stream.of(
        List.of("a", "A"),
        List.of("é", "e\u0301"),
        List.of("É", "é"),
        List.of("ß", "ss"),
        List.of("a", "a "),
        List.of("a", " a"),
        List.of("a", "a\n"),
        List.of("ﬁ", "fi"),
        List.of("Ａ", "A"),
        List.of("i", "ı"),
        List.of("a_b", "axb"),
        List.of("a%", "ab"),
        List.of("a/b", "a%2Fb"),
        List.of("a", "a\u200b"),
        List.of("1", "01"),
        List.of("\uffff", "\ud83e\udd8a"),
        List.of("a".repeat(199) + "b", "a".repeat(199) + "c"));
  }

  @ParameterizedTest
  @MethodSource("oddNames")
  void s0_7_anyTextIsAName(String name) {
    NewJob job =
        rig()
            .enqueued(
                rig()
                    .job(
                        b ->
                            b.queue(name)
                                .type(name)
                                .group(name)
                                .limitKey(name)
                                .key(new JobKey(name, KeyPolicy.whileUnfinished()))
                                .header(name, name)));
    StoredJob stored = rig().stored(job.id());
    assertThat(stored.job()).isEqualTo(job);
    LeasedJob leased = rig().dequeue(name, 10).get(0);
    assertThat(leased.id()).isEqualTo(job.id());
    assertThat(List.of(leased.queue(), leased.type(), String.valueOf(leased.group())))
        .containsOnly(name);
    assertThat(leased.limitKey()).isEqualTo(name);
    assertThat(rig().complete(leased).isApplied()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("lookalikes")
  void s0_7_queuesThatLookAlikeAreDifferent(List<String> names) {
    NewJob first = rig().enqueued(rig().job(names.get(0)));
    assertThat(rig().dequeue(names.get(1), 10)).isEmpty();
    NewJob second = rig().enqueued(rig().job(names.get(1)));
    assertThat(leasedIds(rig().dequeue(names.get(1), 10))).containsExactly(second.id());
    assertThat(leasedIds(rig().dequeue(names.get(0), 10))).containsExactly(first.id());
  }

  @ParameterizedTest
  @MethodSource("lookalikes")
  void s0_7_keysThatLookAlikeAreDifferent(List<String> names) {
    for (String name : names) {
      JobKey key = new JobKey(name, KeyPolicy.whileUnfinished());
      NewJob holder = rig().enqueued(rig().job(job -> job.key(key)));
      assertThat(rig().enqueue(rig().job(job -> job.key(key))))
          .extracting(EnqueueReceipt::id)
          .containsExactly(holder.id());
    }
  }

  @ParameterizedTest
  @MethodSource("lookalikes")
  void s0_7_groupsThatLookAlikeAreDifferent(List<String> names) {
    QueuePolicy oneEach =
        QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(1));
    admin().setPolicy(Rig.QUEUE, oneEach, rig().now());
    for (String name : names) {
      rig().enqueued(rig().job(job -> job.group(name)));
      rig().enqueued(rig().job(job -> job.group(name)));
    }
    assertThat(rig().dequeue(10))
        .extracting(job -> String.valueOf(job.group()))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void s0_7_queueAndKeyNeverRunTogether() {
    String[][] pairs = {
      {"a:b", "c"},
      {"a", "b:c"},
      {"a:b:c", "x"},
      {"a/b", "c"},
      {"a", "b/c"},
      {"ab", "c"},
      {"a", "bc"},
      {"a|b", "c"},
      {"a", "b|c"},
      {"a\u0001b", "c"},
      {"a", "b\u0001c"},
      {"a,b", "c"},
      {"a", "b,c"},
      {"a}", "c"},
      {"a", "}c"}
    };
    List<NewJob> jobs = new ArrayList<>();
    for (String[] pair : pairs) {
      JobKey key = new JobKey(pair[1], KeyPolicy.whileUnfinished());
      jobs.add(rig().job(job -> job.queue(pair[0]).key(key)));
    }
    assertThat(rig().enqueue(jobs)).allMatch(EnqueueReceipt::isEnqueued);
  }

  @Test
  void s0_7_queueAndGroupNeverRunTogether() {
    String[][] pairs = {
      {"a:b", "c"},
      {"a", "b:c"},
      {"a/b", "c"},
      {"a", "b/c"},
      {"ab", "c"},
      {"a", "bc"},
      {"a\u0001b", "c"},
      {"a", "b\u0001c"},
      {"a}", "c"},
      {"a", "}c"}
    };
    for (String[] pair : pairs) {
      NewJob job = rig().job(builder -> builder.queue(pair[0]).group(pair[1]));
      rig().enqueued(job);
      assertThat(leasedIds(rig().dequeue(pair[0], 10))).containsExactly(job.id());
    }
  }

  @Test
  void s0_7_oddQueuesLiveSideBySide() {
    List<String> names = oddNames().toList();
    List<NewJob> jobs = new ArrayList<>();
    names.forEach(name -> jobs.add(rig().job(name)));
    rig().enqueue(jobs);
    for (int i = 0; i < names.size(); i++) {
      assertThat(leasedIds(rig().dequeue(names.get(i), 10)))
          .as("queue '" + names.get(i) + "'")
          .containsExactly(jobs.get(i).id());
    }
  }
}
