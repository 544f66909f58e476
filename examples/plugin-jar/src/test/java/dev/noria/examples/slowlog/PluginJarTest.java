package dev.noria.examples.slowlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the application as a child, without and with the jar on its class path. */
class PluginJarTest {
  private static final Path JAR = Path.of(System.getProperty("noria.test.jar"));

  @TempDir Path folder;

  @Test
  void withoutTheJar_thePluginIsNotThere() throws Exception {
    List<String> lines = run(List.of());

    assertThat(lines).contains("49").noneMatch(line -> line.contains("slow"));
    assertThat(lines).anyMatch(line -> line.startsWith("process: timeout("));
  }

  @Test
  void withTheJar_thePluginIsActive() throws Exception {
    List<String> lines = run(List.of(JAR), "-Dnoria.plugins.slow-log.threshold=0ms");

    assertThat(lines)
        .anyMatch(line -> line.startsWith("process: slow-log(timeout("))
        .contains("slow: square ended COMPLETED", "49");
  }

  @Test
  void withTheJar_aSettingTurnsThePluginOff() throws Exception {
    List<String> lines = run(List.of(JAR), "-Dnoria.plugins.slow-log.enabled=false");

    assertThat(lines).contains("49").noneMatch(line -> line.contains("slow"));
  }

  private List<String> run(List<Path> jars, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath(jars), Application.class.getName()));
    Path out = folder.resolve("out.txt");
    Process child =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    try {
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).as(Files.readString(folder.resolve("err.txt"))).isZero();
    } finally {
      child.destroyForcibly();
    }
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }

  /** What the tests see, but for the plugin's own classes. */
  private static String classPath(List<Path> jars) throws IOException {
    Path own = Path.of("target", "classes").toRealPath();
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.exists(path) && !Files.isSameFile(path, own) && !Files.isSameFile(path, JAR)) {
        entries.add(entry);
      }
    }
    jars.forEach(jar -> entries.add(jar.toString()));
    return String.join(File.pathSeparator, entries);
  }
}
