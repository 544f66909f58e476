package dev.noria.storage.sqlite;

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
  private static final Path FILES = MAIN.resolve("resources/dev/noria/storage/sqlite/sql");
  private static final Pattern NAME = Pattern.compile("\"([a-z]+\\.[a-z_]+)\"");

  private static List<Path> under(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
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
    Set<String> defined = new Sql("noria").all().keySet();
    Set<String> used = new TreeSet<>();
    for (Path source : under(MAIN.resolve("java"), ".java")) {
      Matcher names = NAME.matcher(Files.readString(source));
      while (names.find()) {
        used.add(names.group(1));
      }
    }
    // The settings of a new connection are put together from their last words.
    defined.stream().filter(name -> name.startsWith("session.")).forEach(used::add);
    assertThat(used).containsExactlyInAnyOrderElementsOf(defined);
  }

  @Test
  void everySetting_isUsed() throws IOException {
    String source = Files.readString(MAIN.resolve("java/dev/noria/storage/sqlite/Database.java"));
    List<String> others = under(MAIN.resolve("java"), ".java").stream().map(SqlTest::read).toList();
    for (String name : new Sql("noria").all().keySet()) {
      if (name.startsWith("session.")) {
        String word = name.substring("session.".length());
        boolean used =
            source.contains('"' + word + '"')
                || others.stream().anyMatch(text -> text.contains('"' + name + '"'));
        assertThat(used).as(name).isTrue();
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void javaSources_containNoSql() throws IOException {
    Pattern sql = Pattern.compile("\"\\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA) ");
    for (Path source : under(MAIN.resolve("java"), ".java")) {
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
