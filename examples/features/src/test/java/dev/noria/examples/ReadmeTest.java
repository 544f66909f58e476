package dev.noria.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the README shows is what is compiled and run here. */
class ReadmeTest {
  private static final Path ROOT = Path.of("../..");

  private final String readme = read("README.md");

  @Test
  void quickStart_isTheTextOfTheExample() {
    List<String> source =
        read("examples/features/src/main/java/dev/noria/examples/QuickStart.java").lines().toList();
    List<String> shown = source.subList(marker(source, "from here") + 1, marker(source, "to here"));

    assertThat(readme).contains("```java\n" + String.join("\n", shown));
  }

  @Test
  void quickStart_printsWhatTheReadmeSays() {
    String printed = read("examples/features/src/test/resources/expected/QuickStart.txt");

    assertThat(readme).contains("```text\n" + printed + "```");
  }

  @Test
  void readme_isShort() {
    assertThat(readme.lines().count()).isLessThanOrEqualTo(200);
  }

  @Test
  void testCommand_isTheOneTheCiLooksFor() {
    assertThat(readme.lines().map(String::strip)).contains("mvn -B verify", "./noria demo");
  }

  private static int marker(List<String> source, String words) {
    int line = source.stream().map(String::strip).toList().indexOf("// README: " + words);
    assertThat(line).as("the marker '%s'", words).isNotNegative();
    return line;
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
