package dev.noria.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code noria}, in a copy of the repository's folders, with a Maven that only notes.
 */
class LauncherTest {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path temporary;
  private Path root;
  private Path jdk;
  private Path tools;
  private Path builds;

  /** What the script came to. */
  private record Ran(int exit, List<String> out, String err) {}

  @BeforeEach
  void repository() throws IOException {
    root = temporary.resolve("a check out/target"); // names that a careless script trips over
    for (Path module : modules()) {
      old(file(root.resolve(module).resolve("pom.xml"), ""));
      old(file(root.resolve(module).resolve("src/main/java/Some.java"), ""));
      old(file(root.resolve(module).resolve("src/test/java/SomeTest.java"), ""));
    }
    old(file(root.resolve("pom.xml"), ""));
    Files.copy(REPOSITORY.resolve("noria"), root.resolve("noria"));
    jdk = temporary.resolve("a jdk");
    java(17);
    tools = temporary.resolve("tools");
    builds = temporary.resolve("builds");
    script(
        tools.resolve("mvn"),
        "printf '%s\\n' \"$*\" >>'" + builds + "'",
        "mkdir -p cli/target && echo jar >cli/target/noria.jar");
  }

  /** The folders of all modules that have main sources, as they are today. */
  private static List<Path> modules() throws IOException {
    try (Stream<Path> all = Files.walk(REPOSITORY, 3)) {
      return all.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
          .map(REPOSITORY::relativize)
          .toList();
    }
  }

  private void java(int version) throws IOException {
    old(file(jdk.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n"));
    script(jdk.resolve("bin/java"), "printf '%s\\n' \"$@\"");
  }

  private static Path file(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void script(Path file, String... lines) throws IOException {
    Path made = file(file, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void old(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(THEN));
  }

  /** Folders included, as after a fresh clone long ago. */
  private void everythingIsOld() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        old(path);
      }
    }
  }

  private Ran noria(String... arguments) throws IOException, InterruptedException {
    return noria(Map.of("JAVA_HOME", jdk.toString()), arguments);
  }

  private Ran noria(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    String[] command =
        Stream.concat(Stream.of(root.resolve("noria").toString()), Arrays.stream(arguments))
            .toArray(String[]::new);
    Path out = temporary.resolve("out");
    Path err = temporary.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the script ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ran(process.exitValue(), Files.readAllLines(out), Files.readString(err));
  }

  private long builds() throws IOException {
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  @Test
  void firstUse_buildsTheJarAndRunsItWithTheArgumentsAsTheyAre() throws Exception {
    Ran ran = noria("demo", "some folder", "*", "");

    assertThat(ran.err()).isEqualTo("Building noria (first use)…\n");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .containsExactly(
            "-Ddev.noria.home=" + root.toRealPath(),
            "-Ddev.noria.terminal=false",
            "-jar",
            root.toRealPath().resolve("cli/target/noria.jar").toString(),
            "demo",
            "some folder",
            "*",
            "");
    assertThat(Files.readString(builds)).contains("-pl cli -am").contains("package");
  }

  @Test
  void secondUse_doesNotBuild() throws Exception {
    Ran first = noria();
    file(root.resolve("spi/src/test/java/SomeTest.java"), "newer");
    file(root.resolve("spi/target/classes/Some.class"), "newer");

    Ran second = noria();

    assertThat(first.exit() + second.exit()).isZero();
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isOne();
  }

  @Test
  void anyModule_changed_isBuiltAgain() throws Exception {
    assertThat(modules())
        .contains(Path.of("spi"), Path.of("rows"), Path.of("plugins/storage-sqlite"));
    Ran first = noria();
    assertThat(first.exit()).isZero();
    for (Path module : modules()) {
      everythingIsOld();
      Files.setLastModifiedTime(
          root.resolve(module).resolve("src/main/java/Some.java"),
          FileTime.from(THEN.plusSeconds(1)));
      long before = builds();

      Ran ran = noria();

      assertThat(ran.err()).as(module.toString()).isEqualTo("Building noria (sources changed)…\n");
      assertThat(builds()).isEqualTo(before + 1);
    }
  }

  @Test
  void aPomOrARemovedFile_isBuiltAgain() throws Exception {
    Ran first = noria();
    everythingIsOld();
    Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(THEN.plusSeconds(1)));
    Ran pom = noria();
    everythingIsOld();
    Files.delete(root.resolve("core/src/main/java/Some.java"));
    Ran removed = noria();

    assertThat(first.exit() + pom.exit() + removed.exit()).isZero();
    assertThat(builds()).isEqualTo(3);
  }

  @Test
  void throughALink_fromAnywhere_isTheSame() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), root.resolve("noria"));
    Path before = root;
    root = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("noria"), link);

    Ran ran = noria("bench");

    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).contains("-Ddev.noria.home=" + before.toRealPath(), "bench");
  }

  @Test
  void anOldJava_isNamedWithWhatIsExpected() throws Exception {
    java(11);

    Ran ran = noria("demo");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(
            "noria: '"
                + jdk.resolve("bin/java")
                + "' is Java 11. Expected 17 or newer. Point JAVA_HOME to one.\n");
    assertThat(builds()).isZero();
  }

  @Test
  void aJavaHomeWithoutJava_isNamed() throws Exception {
    Ran ran = noria(Map.of("JAVA_HOME", temporary.resolve("nothing").toString()));

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith("noria: JAVA_HOME is '")
        .contains("there is no bin/java in it");
  }

  @Test
  void aBuildThatFails_showsItsOutputAndSaysSo() throws Exception {
    script(tools.resolve("mvn"), "echo 'something is wrong' >&2", "exit 1");

    Ran ran = noria("demo");

    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains("something is wrong\n")
        .endsWith("noria: the build failed, see above.\n");
  }
}
