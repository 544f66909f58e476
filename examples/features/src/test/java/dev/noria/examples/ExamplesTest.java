package dev.noria.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each main, and compares what it prints with the file of its name. */
class ExamplesTest {

  static List<Class<?>> mains() throws IOException, URISyntaxException, ClassNotFoundException {
    Path classes = Path.of(QuickStart.class.getResource("QuickStart.class").toURI()).getParent();
    List<String> names;
    try (Stream<Path> files = Files.list(classes)) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".class") && !name.contains("$"))
              .filter(name -> !name.startsWith("package-info"))
              .map(name -> name.substring(0, name.length() - ".class".length()))
              .sorted()
              .toList();
    }
    List<Class<?>> mains = new ArrayList<>();
    for (String name : names) {
      mains.add(Class.forName(QuickStart.class.getPackageName() + "." + name));
    }
    return mains;
  }

  @ParameterizedTest
  @MethodSource("mains")
  void main_printsWhatItsFileSays(Class<?> example) throws Exception {
    String printed = run(example);

    assertThat(printed.lines().toList()).containsExactlyElementsOf(expected(example));
  }

  @ParameterizedTest
  @MethodSource("mains")
  void main_isShortEnoughToBeRead(Class<?> example) throws IOException {
    Path source = Path.of("src/main/java", example.getName().replace('.', '/').concat(".java"));

    assertThat(Files.readAllLines(source))
        .filteredOn(line -> !line.isBlank() && !line.startsWith("import "))
        .hasSizeLessThanOrEqualTo(60);
  }

  @Test
  void mains_areAllThere() throws Exception {
    assertThat(mains()).hasSizeGreaterThanOrEqualTo(18);
  }

  private static String run(Class<?> example) throws Exception {
    var main = example.getMethod("main", String[].class);
    assertThat(Modifier.isStatic(main.getModifiers())).isTrue();
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<String> expected(Class<?> example) throws IOException {
    String file = "/expected/" + example.getSimpleName() + ".txt";
    try (InputStream in = ExamplesTest.class.getResourceAsStream(file)) {
      assertThat(in).as("the file %s: what the example prints", file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
