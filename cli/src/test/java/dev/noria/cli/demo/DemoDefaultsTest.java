package dev.noria.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code noria demo} with nothing said: which needs a process with a working folder of its own. */
class DemoDefaultsTest {
  @TempDir private Path temporary;

  private Process demo(Path working, Path home) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Ddev.noria.home=" + home,
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(),
            "demo")
        .directory(working.toFile())
        .redirectOutput(temporary.resolve("out").toFile())
        .redirectError(temporary.resolve("err").toFile())
        .start();
  }

  @Test
  void demo_nothingSaid_readsTheRepositoryIntoAFileOfTheWorkingFolder() throws Exception {
    Path home = Files.createDirectories(temporary.resolve("repository"));
    Files.writeString(home.resolve("read.txt"), "one two\n");
    Files.writeString(Files.createDirectory(home.resolve("target")).resolve("built.txt"), "three");
    Path working = Files.createDirectory(temporary.resolve("working"));

    Process process = demo(working, home);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(Files.readString(temporary.resolve("err"))).isEmpty();
    assertThat(process.exitValue()).isZero();
    List<String> out = Files.readAllLines(temporary.resolve("out"));
    assertThat(out)
        .first()
        .isEqualTo("Reading " + home.toRealPath() + " with jobs in sqlite:noria-demo.db");
    assertThat(out).last().asString().matches("total +1 +8 +1 +2");
    try (Stream<Path> left = Files.list(working)) {
      assertThat(left).containsExactly(working.resolve("noria-demo.db"));
    }
  }
}
