package dev.noria.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path folder;

  @Test
  void help_asked_listsCommandsAndEndsWell() {
    Output output = Output.of("help");

    assertThat(output.exit()).isZero();
    assertThat(output.out()).contains("demo").contains("bench");
    assertThat(Output.of("bench", "--help").out()).contains("P100").contains("--json");
  }

  @Test
  void version_asked_thatOfTheBuild() {
    Output output = Output.of("--version");

    assertThat(output.exit()).isZero();
    assertThat(output.out()).matches("(?s)noria \\d+\\.\\d+\\.\\d+\\S*\\R.*Java.*");
  }

  @Test
  void usage_wrong_exitCode2AndWords() {
    assertThat(Output.of().exit()).isEqualTo(2);
    assertThat(Output.of("dmo").exit()).isEqualTo(2);
    assertThat(Output.of("bench").exit()).isEqualTo(2);
    Output workload = Output.of("bench", "--storage", "memory:", "--workloads", "E9");
    assertThat(workload.exit()).isEqualTo(2);
    assertThat(workload.err()).contains("E9");
    Output jobs = Output.of("bench", "--storage", "memory:", "--jobs", "5");
    assertThat(jobs.exit()).isEqualTo(2);
    assertThat(jobs.err()).contains("--jobs 5 is too small");
  }

  @Test
  void demo_noFolder_exitCode1AndOneLine() {
    Output output = Output.of("demo", folder.resolve("none").toString());

    assertThat(output.exit()).isEqualTo(1);
    assertThat(output.err().lines()).hasSize(1);
    assertThat(output.err()).startsWith("noria: '").contains("is not a folder");
  }

  @Test
  void storage_unknownScheme_exitCode1AndSchemes() {
    Output demo = Output.of("demo", folder.toString(), "--storage", "sqlit:x");
    Output bench = Output.of("bench", "--storage", "sqlit:x");

    assertThat(demo.exit()).isEqualTo(1);
    assertThat(demo.err()).contains("sqlit").contains("sqlite").doesNotContain("\tat ");
    assertThat(bench.exit()).isEqualTo(1);
    assertThat(bench.err()).contains("sqlit").contains("memory").doesNotContain("\tat ");
  }
}
