package dev.noria.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryTableTest {

  private static FileFacts facts(String kind, long bytes) {
    return new FileFacts("p", kind, bytes, 10, 20, "");
  }

  @Test
  void table_kinds_mostFilesFirstAndTotal() {
    Tally tally = Tally.empty();
    tally.add(facts("md text", 1_000));
    tally.add(facts("java text", 2_000));
    tally.add(facts("java text", 3_000));

    assertThat(SummaryTable.of(tally).lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "kind files bytes lines words",
            "java text 2 5,000 20 40",
            "md text 1 1,000 10 20",
            "total 3 6,000 30 60");
  }

  @Test
  void table_parts_addUp() {
    Tally one = Tally.empty();
    one.add(facts("a", 1));
    Tally two = Tally.empty();
    two.add(facts("a", 2));
    two.addFailed("gone", "NoSuchFileException");

    one.add(two);

    assertThat(one.total()).isEqualTo(new Tally.Count(2, 3, 20, 40));
    assertThat(one.failed()).containsExactly(new Tally.Failed("gone", "NoSuchFileException"));
  }

  @Test
  void table_failures_sortedCutAndHarmless() {
    Tally tally = Tally.empty();
    for (int i = 30; i > 0; i--) {
      tally.addFailed(String.format("f%02d", i), "gone");
    }
    tally.addFailed("a\u001b[2Jb\nc", "gone");

    String text = SummaryTable.of(tally);

    assertThat(text).contains("Could not be read: 31").contains("  … and 11 more");
    assertThat(text).contains("  a?[2Jb?c (gone)").contains("  f01 (gone)").doesNotContain("f20");
  }
}
