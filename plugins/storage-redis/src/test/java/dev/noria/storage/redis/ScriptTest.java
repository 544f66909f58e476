package dev.noria.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static List<String> names(String folder) throws IOException, URISyntaxException {
    Path lua = Path.of(Objects.requireNonNull(Script.class.getResource(folder)).toURI());
    try (Stream<Path> files = Files.list(lua)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".lua"))
          .map(name -> name.substring(0, name.length() - 4))
          .sorted()
          .toList();
    }
  }

  @Test
  void scripts_sayWhatTheyNeedTakeAndAnswer() throws Exception {
    List<String> names = names("lua");
    assertThat(names).hasSizeGreaterThan(10);
    for (String name : names) {
      List<String> lines = Script.resource(name).lines().toList();
      assertThat(lines.get(0)).as(name).startsWith("-- needs: base");
      assertThat(lines.get(1)).as(name).startsWith("-- keys: ");
      assertThat(lines.get(2)).as(name).startsWith("-- args: ");
      assertThat(lines).as(name).anyMatch(line -> line.startsWith("-- reply: "));
    }
  }

  @Test
  void parts_beginWithWhatTheyAre() throws Exception {
    for (String name : names("lua/part")) {
      assertThat(Script.resource("part/" + name)).as(name).startsWith("-- ");
    }
  }

  @Test
  void scripts_areAcceptedByTheServer() throws Exception {
    for (String name : names("lua")) {
      Script script = Script.load(name, "");
      assertThat(TestServer.seven().commands().scriptLoad(script.text()))
          .as(name)
          .isEqualTo(script.sha());
    }
  }

  @Test
  void keys_areDerivedFromThePrefixOnly() throws Exception {
    for (String name : names("lua")) {
      assertThat(Script.load(name, "").text().split("KEYS\\[", -1)).as(name).hasSize(2);
    }
  }
}
