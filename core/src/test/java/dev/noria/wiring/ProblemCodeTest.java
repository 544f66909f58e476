package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.plugin.ConfigurationException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemCodeTest {
  private static final Path PAGES = Path.of("..", "docs", "errors");

  private static List<String> codes() {
    return Arrays.stream(ProblemCode.values()).map(ProblemCode::code).toList();
  }

  @Test
  void codes_areUniqueAndOfOneForm() {
    assertThat(codes()).doesNotHaveDuplicates().isSorted().allMatch(c -> c.matches("NORIA-\\d{3}"));
    assertThat(ProblemCode.NO_STORAGE.problem("What."))
        .isEqualTo(new Problem("NORIA-001", "What."));
  }

  @Test
  void everyCode_hasItsPageAndEveryPageItsCode() throws IOException {
    try (Stream<Path> pages = Files.list(PAGES)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(codes().stream().map(c -> c + ".md").toList());
    }
  }

  @Test
  void everyPage_saysWhatItMeansWithAnExampleAndAFix() throws IOException {
    for (String code : codes()) {
      assertThat(Files.readString(PAGES.resolve(code + ".md")))
          .startsWith("# " + code + ": ")
          .contains("\n## What it means\n\n")
          .contains("\n## Example\n\n```text\n" + code + " ")
          .contains("\n## How to fix it\n\n");
    }
  }
}
