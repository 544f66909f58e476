package dev.noria.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.cli.demo.Progress.Counts;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;
  private final StringWriter text = new StringWriter();
  private final PrintWriter out = new PrintWriter(text, true);

  private String printed() {
    return text.toString();
  }

  @Test
  void plain_manyLooks_oneLineASecond() {
    Progress progress = new Progress(out, false, Counts.NONE, 0);

    progress.show(new Counts(10, 100, 0), SECOND / 2);
    progress.show(new Counts(20, 100, 0), SECOND);
    progress.show(new Counts(30, 100, 0), SECOND + SECOND / 2);
    progress.end(new Counts(100, 100, 3), 2 * SECOND);

    assertThat(printed().lines())
        .containsExactly(
            "20 of 100 files, 20 files/s, 4 s left", "100 of 100 files, 50 files/s, 3 unreadable");
  }

  @Test
  void plain_goneOnWith_rateOfThisProcess() {
    Progress progress = new Progress(out, false, new Counts(1_000, 2_000, 0), 0);

    progress.end(new Counts(1_500, 2_000, 0), 5 * SECOND);

    assertThat(printed().lines()).containsExactly("1,500 of 2,000 files, 100 files/s, 5 s left");
  }

  @Test
  void plain_nothingStored_saysThatItLooks() {
    new Progress(out, false, Counts.NONE, 0).show(Counts.NONE, SECOND);

    assertThat(printed().lines()).containsExactly("Looking for files");
  }

  @Test
  void terminal_largestNumbers_oneLineOfLessThan80Columns() {
    Progress progress = new Progress(out, true, Counts.NONE, 0);

    progress.show(new Counts(0, 999_999, 0), 1);
    progress.show(new Counts(456_789, 999_999, 123_456), SECOND);
    progress.end(new Counts(999_999, 999_999, 999_999), 2 * SECOND);

    String[] drawn = printed().strip().split("\r");
    assertThat(drawn).hasSize(3);
    for (String line : drawn) {
      assertThat(line.replace("\u001b[K", "").length()).isLessThan(80);
    }
    assertThat(printed()).endsWith(System.lineSeparator()).startsWith("\r[");
  }

  @Test
  void terminal_half_halfABar() {
    new Progress(out, true, Counts.NONE, 0).show(new Counts(5, 10, 0), SECOND);

    assertThat(printed()).contains("[" + "#".repeat(15) + "-".repeat(15) + "] 5 of 10 files");
  }
}
