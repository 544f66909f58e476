package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Statements live in resources; none is forgotten, none is left over. */
class SqlTest {
  private static final Path MAIN = Path.of("src/main");
  private static final Path FILES = MAIN.resolve("resources/dev/noria/storage/postgres/sql");
  private static final Pattern NAME = Pattern.compile("\"([a-z]+\\.[a-z_]+)\"");

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(MAIN.resolve("java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  @Test
  void everyFile_isLoaded() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.list(FILES)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> found.add(file.getFileName().toString().replace(".sql", "")));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(Sql.FILES);
  }

  @Test
  void everyStatement_isUsedAndEveryUsedOneExists() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path source : sources()) {
      Matcher names = NAME.matcher(Files.readString(source));
      while (names.find()) {
        used.add(names.group(1));
      }
    }
    assertThat(used).containsExactlyInAnyOrderElementsOf(new Sql("noria").all().keySet());
  }

  @Test
  void javaSources_containNoSql() throws IOException {
    Pattern sql = Pattern.compile("\"\\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|LISTEN) ");
    for (Path source : sources()) {
      assertThat(sql.matcher(Files.readString(source)).find()).as(source.toString()).isFalse();
    }
  }

  @Test
  void unknownStatement_isAnError() {
    assertThatThrownBy(() -> new Sql("noria").text("no.such"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no.such");
  }
}
