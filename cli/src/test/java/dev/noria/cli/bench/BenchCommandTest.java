package dev.noria.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.cli.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  @TempDir Path folder;

  private static List<JsonNode> lines(Output output) {
    return output.out().lines().map(MAPPER::readTree).toList();
  }

  @Test
  void json_memoryAllWorkloads_promisedFieldsAndNothingElse() {
    Output output = Output.of("bench", "--storage", "memory:", "--jobs", "100", "--json");

    assertThat(output.exit()).isZero();
    assertThat(lines(output))
        .extracting(line -> line.get("workload").asString())
        .containsExactly("E1", "E2", "E3", "P10", "P100", "L", "D");
    assertThat(lines(output))
        .allSatisfy(
            line ->
                assertThat(line.propertyNames())
                    .containsExactly(
                        "storage",
                        "workload",
                        "jobs",
                        "rate",
                        "raw_rate",
                        "ratio",
                        "p50_ms",
                        "p99_ms",
                        "cpu_us_per_job",
                        "heap_mb",
                        "durability",
                        "batch"));
    assertThat(output.err()).contains("L from another process is left out");
  }

  @Test
  void json_sqlite_ratesRatiosAndTheFileUntouched() throws IOException {
    Path db = folder.resolve("mine.db");
    Files.writeString(db, "not a database");

    Output output =
        Output.of(
            "bench",
            "--storage",
            "sqlite:" + db,
            "--jobs",
            "100",
            "--json",
            "--workloads",
            "E3,P10,L");

    assertThat(output.err()).isEmpty();
    assertThat(output.exit()).isZero();
    List<JsonNode> lines = lines(output);
    assertThat(lines)
        .extracting(line -> line.get("workload").asString())
        .containsExactly("E3", "P10", "L", "L-process");
    assertThat(lines).extracting(line -> line.get("durability").asString()).containsOnly("HOST");
    for (JsonNode line : lines.subList(0, 2)) {
      assertThat(line.get("rate").asDouble()).isPositive();
      assertThat(line.get("ratio").asDouble()).isPositive();
      assertThat(line.get("raw_rate").asDouble()).isPositive();
    }
    for (JsonNode line : lines.subList(2, 4)) {
      assertThat(line.get("rate").isNull()).isTrue();
      assertThat(line.get("p50_ms").asDouble()).isBetween(0.0, line.get("p99_ms").asDouble());
    }
    assertThat(Files.readString(db)).isEqualTo("not a database");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(db);
    }
  }

  @Test
  void table_depth_saysHowItIsScaled() {
    Output output = Output.of("bench", "--storage", "memory:", "--jobs", "100", "--workloads", "D");

    List<String> lines = output.out().lines().toList();
    assertThat(lines.get(1).strip().split(" {2,}", -1))
        .containsExactly(
            "workload",
            "jobs",
            "jobs/s",
            "raw jobs/s",
            "ratio",
            "p50 ms",
            "p99 ms",
            "cpu µs",
            "heap MB",
            "batch");
    assertThat(lines.get(2)).hasSameSizeAs(lines.get(1));
    assertThat(lines.get(2).split(" +", -1)).hasSize(10).startsWith("D", "100");
    assertThat(output.out())
        .contains("jobs 100 to 200 of a backlog of 1,000")
        .contains("Scaled down: the full measure is --jobs 100000.");
  }

  @Test
  void sqlite_folderMissing_saysSo() {
    Output output = Output.of("bench", "--storage", "sqlite:" + folder + "/none/x.db");

    assertThat(output.exit()).isEqualTo(1);
    assertThat(output.err()).contains("does not exist").doesNotContain("\tat ");
  }

  @Test
  void payload_encoded_200Bytes() {
    assertThat(MAPPER.writeValueAsBytes(Parcel.of(0))).hasSize(200);
    assertThat(MAPPER.writeValueAsBytes(Parcel.of(999_999))).hasSize(200);
  }

  @Test
  void latencies_shares_nearestRank() {
    Latencies times = new Latencies(1);
    for (int i = 100; i >= 1; i--) {
      times.add(i * 1_000_000L);
    }

    assertThat(times.millis(0.5)).isEqualTo(50);
    assertThat(times.millis(0.99)).isEqualTo(99);
    assertThat(times.millis(1)).isEqualTo(100);
  }
}
