package dev.noria.tck.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random sequences find what differs from the reference, make it short, and find nothing else. */
class ModelCheckTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private static JobStorage storage(Decisions decisions) {
    return ReferenceStorage.over(new World(decisions, Durability.VOLATILE), "noria");
  }

  @Test
  void theReference_agreesWithItself() {
    assertThatCode(() -> ModelCheck.run(storage(new Decisions()), 1, 100, START))
        .doesNotThrowAnyException();
  }

  /** Bugs that need a key, a dependency, a pause, a group, a second caller, an expired lease. */
  static List<PlantedBug> bugs() {
    return List.of(
        StoreBugs.FREES_A_KEY_WHEN_ITS_HOLDER_STARTS,
        StoreBugs.RELEASES_A_DEPENDENT_AFTER_THE_FIRST_END,
        DequeueBugs.IGNORES_A_PAUSE,
        DequeueBugs.COUNTS_A_GROUP_LIMIT_PER_CALLER,
        DequeueBugs.PROMOTES_THE_LATEST_FIRST,
        AckBugs.ACCEPTS_A_STALE_EPOCH,
        AckBugs.TAKES_BACK_WHATEVER_WAS_LEASED_ONCE,
        CapabilityBugs.LETS_COUNTS_DRIFT_ON_CANCEL);
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void aPlantedBug_isFoundAndMadeShort(PlantedBug bug) {
    AssertionError found =
        catchThrowableOfType(
            AssertionError.class, () -> ModelCheck.run(storage(bug.decisions()), 1, 100, START));
    assertThat(found).hasMessageContaining("-Dnoria.test.seed=");
    assertThat(found.getMessage().lines().filter(line -> line.matches(" +\\d+\\. .*")))
        .hasSizeBetween(1, 8);
  }
}
