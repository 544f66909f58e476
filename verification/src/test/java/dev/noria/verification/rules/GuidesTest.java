package dev.noria.verification.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.verification.rules.SourceTree.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code that the guides show is compiled and tested: it stands in the examples. */
class GuidesTest {
  private static final Pattern CODE = Pattern.compile("(?s)```java\n(.*?)```");

  /** What may differ: layout, comments, and what a guide leaves out. */
  private static String essence(String code) {
    return code.replaceAll("(?s)/\\*.*?\\*/", "")
        .replaceAll("//[^\n]*", "")
        .replace("@Override", "")
        .replaceAll("\\s+", "");
  }

  /** Parts of a piece of code that have to stand together; an ellipsis leaves out what is there. */
  private static List<String> parts(String code) {
    return List.of(essence(code).split("…"));
  }

  private static boolean shows(SourceFile file, List<String> parts) {
    String text = essence(String.join("\n", file.lines()));
    int at = 0;
    for (String part : parts) {
      int found = text.indexOf(part, at);
      if (found < 0) {
        return false;
      }
      at = found + part.length();
    }
    return true;
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/writing-a-middleware.md", "docs/writing-a-storage.md"})
  void code_isThatOfAnExample(String page) throws IOException {
    List<SourceFile> examples = SourceTree.files(file -> file.module().startsWith("examples/"));
    List<String> blocks =
        CODE.matcher(Files.readString(SourceTree.ROOT.resolve(page)))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    List<String> strangers = new ArrayList<>();
    for (String block : blocks) {
      List<String> parts = parts(block);
      if (examples.stream().noneMatch(file -> shows(file, parts))) {
        strangers.add(block);
      }
    }
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(2);
    assertThat(strangers).isEmpty();
  }
}
