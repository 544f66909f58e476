package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real errors of the operating system, in a process that meets a limit. */
@Tag("slow")
class FullDiskTest {
  private static final String OWN_MOUNTS = "unshare --user --map-root-user --mount";

  @TempDir Path folder;

  /** What ends; the rest of {@code script} is the child's command line without its role. */
  enum Limit {
    /** Files end at 64 or 128 KiB, whatever the shell counts in. Everybody may say so. */
    FILE_SIZE("", "(ulimit -S -f 128 && \"$@\" fill) && \"$@\" check", "File too large", "ulimit"),

    /** A disk of 2 MiB, half of which comes back after the error. Not everybody may mount one. */
    DISK(
        OWN_MOUNTS,
        "mount -t tmpfs -o size=2m none disk && head -c 1048576 /dev/zero > disk/ballast"
            + " && \"$@\" fill && \"$@\" check",
        "No space left on device",
        "free some space");

    private final String before;
    private final String script;
    private final String error;
    private final String advice;

    Limit(String before, String script, String error, String advice) {
      this.before = before;
      this.script = script;
      this.error = error;
      this.advice = advice;
    }

    List<String> command(String text) {
      List<String> command = new ArrayList<>();
      if (!before.isEmpty()) {
        command.addAll(List.of(before.split(" ", -1)));
      }
      command.addAll(List.of("sh", "-c", text, "sh"));
      return command;
    }

    boolean isPossible() {
      try {
        List<String> trial = command(before.isEmpty() ? "true" : "mount -t tmpfs none /tmp");
        return new ProcessBuilder(trial).start().waitFor() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static List<Limit> possible() {
    return Arrays.stream(Limit.values()).filter(Limit::isPossible).toList();
  }

  @ParameterizedTest
  @MethodSource("possible")
  void enqueue_beyondALimitOfTheSystem_saysWhyLosesNothingAndGoesOn(Limit limit) throws Exception {
    List<String> said = run(limit);
    System.out.println("file storage: " + limit + ": " + said);
    assertThat(said).hasSize(6);
    String[] full = said.get(0).split(" ", 3);
    long answered = Long.parseLong(full[1]);
    assertThat(answered).isGreaterThan(20);
    assertThat(full[2])
        .startsWith("UNAVAILABLE: ")
        .contains("did nothing", limit.error, limit.advice)
        .doesNotContain("xxx");
    assertThat(said.subList(1, 6))
        .containsExactly(
            "seen " + answered, "goes on", "left " + answered, "counts true", "unfinished 0");
  }

  private List<String> run(Limit limit) throws IOException, InterruptedException {
    Files.createDirectory(folder.resolve("disk"));
    List<String> command = limit.command(limit.script);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A file that the JVM itself would fill.
    command.addAll(List.of("-XX:-UsePerfData", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(FullDisk.class.getName());
    Process shell =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      List<String> said = new String(shell.getInputStream().readAllBytes(), UTF_8).lines().toList();
      assertThat(shell.waitFor()).as(said.toString()).isZero();
      return said;
    } finally {
      shell.destroyForcibly();
    }
  }
}
