package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * HOST means that an acknowledged job survives loss of power, so each acknowledgement comes after
 * the operating system has said that it is on the disk. Its system calls show it.
 */
class DurabilityTest {
  private static final Pattern CALL =
      Pattern.compile(
          "^(?<pid>\\d+)\\s+(?<name>fsync|fdatasync)\\(\\d+<(?<file>[^>]*)>(?<rest>.*)$");
  private static final Pattern RESUMED =
      Pattern.compile("^(?<pid>\\d+)\\s+<\\.\\.\\. (fsync|fdatasync) resumed>.*= 0$");
  private static final Pattern ACK =
      Pattern.compile("^\\d+\\s+write\\(1<[^>]*>, \"ack (?<number>\\d+)\\\\n\".*$");

  @TempDir private Path folder;

  /** Every place that has to be synced: a file storage syncs the file, and the folder it is in. */
  @ParameterizedTest
  @CsvSource({"SQLITE, -wal$", "FILE, /temp/[^/]+$", "FILE, /log/[^/]+$"})
  void eachAcknowledgedCommit_wasSyncedBeforeItsAcknowledgement(Medium medium, Pattern place)
      throws Exception {
    Path strace = strace();
    assumeTrue(strace != null, "strace is not installed");
    Path trace = folder.resolve("trace");

    int exit = run(strace, medium, trace);

    assertThat(exit).as(() -> text(folder.resolve("errors"))).isZero();
    List<Integer> syncsBeforeAck = syncsBetweenAcks(Files.readAllLines(trace), place);
    assertThat(syncsBeforeAck).hasSize(Child.COMMITS).allMatch(syncs -> syncs >= 1);
    System.out.printf(
        "durability on %s: %d acknowledged commits, %d syncs of %s%n",
        medium,
        syncsBeforeAck.size(),
        syncsBeforeAck.stream().mapToInt(Integer::intValue).sum(),
        place);
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "FILE"})
  void storage_promisesWhatItsSyncsKeep(Medium medium) {
    try (JobStorage storage = medium.open(folder)) {
      assertThat(storage.info().durability()).isEqualTo(Durability.HOST);
    }
  }

  private static Path strace() {
    for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
      Path file = Path.of(place, "strace");
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  private int run(Path strace, Medium medium, Path trace) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(strace.toString(), "-f", "-qq", "-y", "-o", trace.toString()));
    command.addAll(List.of("-e", "trace=fsync,fdatasync,write", "-s", "32"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Child.class.getName());
    command.addAll(Child.arguments("committer", medium.address(folder)));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("output").toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("the child ends").isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * How many syncs of {@code place} were over between each acknowledgement and the one before it.
   */
  private static List<Integer> syncsBetweenAcks(List<String> lines, Pattern place) {
    List<Integer> counts = new ArrayList<>();
    Set<String> unfinished = new HashSet<>();
    int syncs = 0;
    for (String line : lines) {
      Matcher call = CALL.matcher(line);
      if (call.matches() && place.matcher(call.group("file")).find()) {
        if (call.group("rest").endsWith("= 0")) {
          syncs++;
        } else if (call.group("rest").contains("unfinished")) {
          unfinished.add(call.group("pid"));
        }
      }
      Matcher resumed = RESUMED.matcher(line);
      if (resumed.matches() && unfinished.remove(resumed.group("pid"))) {
        syncs++;
      }
      Matcher ack = ACK.matcher(line);
      if (ack.matches()) {
        assertThat(ack.group("number")).isEqualTo(Integer.toString(counts.size() + 1));
        counts.add(syncs);
        syncs = 0;
      } else if (line.contains("\"ready\\n\"")) {
        syncs = 0;
      }
    }
    return counts;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
