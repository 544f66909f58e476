package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.tck.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An outage of a minute, twice as long as a lease: leases run out meanwhile, and what was running
 * may legally run again, which is all that runs twice. The storage is broken from outside, so two
 * kinds of it are enough for a test this long; nearly all of it is waiting, so it waits beside all
 * other tests.
 */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class LongOutageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "SQLITE"})
  void anOutageLongerThanTheLease_losesNothing(Medium medium) throws Exception {
    try (Stand stand = new Stand(medium, folder)) {
      Verdict verdict = Outage.underLoad(stand, Duration.ofSeconds(60));
      assertThat(verdict.valid()).as(verdict.explain()).isTrue();
      stand.assertOnceEachBut(verdict.count(Verdict.Kind.REDELIVERY_LEGAL));
    }
  }
}
