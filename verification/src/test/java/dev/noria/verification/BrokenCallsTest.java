package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.tck.fault.Fault;
import dev.noria.tck.fault.Faults;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that fail now and then while many produce and work: each job runs once all the same. */
class BrokenCallsTest {
  private static final int JOBS = 300;
  private static final long SEED = 20_261_121;
  private static final Map<String, Faults> FAULTS =
      Map.of(
          "every tenth reply is lost", Faults.every(10, Fault.REPLY_LOST),
          "every tenth request is lost", Faults.every(10, Fault.REQUEST_LOST),
          "every third call is refused", Faults.every(3, Fault.REFUSED),
          "one call in five breaks somehow", Faults.random(SEED, 200));

  @TempDir private Path folder;

  static List<Arguments> cases() {
    return Stream.of(Medium.values())
        .flatMap(medium -> FAULTS.keySet().stream().sorted().map(f -> Arguments.of(medium, f)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void brokenCalls_loseAndDoubleNothing(Medium medium, String faults) throws Exception {
    try (Stand stand = new Stand(medium, folder);
        JobQueue queue = stand.builder().build()) {
      stand.counting(queue).start();
      stand.faulty.with(FAULTS.get(faults));
      try (Crowd producers = Crowd.of(4, JOBS, number -> stand.enqueue(queue, number))) {
        producers.join();
      }
      stand.awaitDrained();
      stand.faulty.with(Faults.none());
      queue.stop();

      stand.assertOnceEach();
      assertThat(stand.accepted).hasSize(JOBS);
      assertThat(stand.faulty.calls(Operation.EXCHANGE)).isGreaterThan(10);
      Verdict verdict = stand.verdict();
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
      assertThat(verdict.count(Verdict.Kind.REDELIVERY_LEGAL)).isZero();
      assertThat(verdict.jobs()).isEqualTo(JOBS);
    }
  }
}
