package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Newer JDKs warn on stderr about the internals that generated code needs: there must be none. */
class QuietWiringTest {
  @TempDir private Path folder;

  static Stream<Map.Entry<String, String>> javas() {
    return Stream.of(
        Map.entry("this one", System.getProperty("java.home")),
        Map.entry("JAVA_25_HOME", System.getenv().getOrDefault("JAVA_25_HOME", "")));
  }

  @ParameterizedTest
  @MethodSource("javas")
  void wiring_printsNothingOnStderr(Map.Entry<String, String> java)
      throws IOException, InterruptedException {
    assumeTrue(!java.getValue().isEmpty(), java.getKey() + " is not set");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(java.getValue(), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            QuietWiring.class.getName());
    builder.environment().keySet().removeIf(name -> name.matches("NORIA_.*|.*JAVA_.*OPTIONS"));
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(err)).isEmpty();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(out)).isEqualTo("[middleware, handler]");
  }
}
