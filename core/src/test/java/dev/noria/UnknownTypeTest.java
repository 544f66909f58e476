package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Outcome;
import dev.noria.job.StoredJob;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Plugin;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs of a type that nobody here knows wait for a worker that does. */
class UnknownTypeTest {
  private static final JobType<String> KNOWN = JobType.of("known", String.class);
  private static final JobType<String> OTHER = JobType.of("other", String.class);

  private final ByHand hand = new ByHand();
  private final List<JobEvent> heard = new ArrayList<>();
  private final JobQueue queue =
      hand.builder()
          .executor(Runnable::run)
          .build()
          .use(Plugin.of("ears", installer -> installer.listen(heard::add)))
          .handle(KNOWN, (text, job) -> {})
          .start();

  @AfterEach
  void close() {
    hand.close(queue);
  }

  /** How long the job waits now. */
  private long release(JobId id) {
    hand.turn("exchange");
    hand.turn("exchange");
    StoredJob job = hand.find(id);
    assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(job.status().reason()).isEqualTo("unknown type");
    assertThat(job.status().attempt()).isZero();
    return Duration.between(hand.time.now(), job.status().dueAt()).toSeconds();
  }

  @Test
  void theDelay_growsFromFiveSecondsToFiveMinutes() {
    JobId id = queue.enqueue(OTHER, "x").id();
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      delays.add(release(id));
      hand.time.advance(Duration.ofSeconds(delays.get(i)));
    }
    assertThat(delays.subList(0, 2)).containsExactly(5L, 5L);
    assertThat(delays).isSorted().allSatisfy(delay -> assertThat(delay).isBetween(5L, 300L));
    assertThat(delays.subList(8, 10)).containsExactly(300L, 300L);
  }

  @Test
  void everyRelease_isCountedAndTold() {
    JobId id = queue.enqueue(OTHER, "x").id();
    for (int i = 0; i < 3; i++) {
      hand.time.advance(Duration.ofSeconds(release(id)));
    }
    hand.turnEvents();
    assertThat(heard)
        .filteredOn(JobEvent.Ended.class::isInstance)
        .map(JobEvent.Ended.class::cast)
        .allSatisfy(ended -> assertThat(ended.type()).isEqualTo("other"))
        .extracting(JobEvent.Ended::outcome)
        .containsExactly(Outcome.Kind.RELEASED, Outcome.Kind.RELEASED, Outcome.Kind.RELEASED);
    assertThat(heard).noneMatch(JobEvent.Started.class::isInstance);
  }

  @Test
  void oneWarning_isGivenForEachType() {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    JobId first = queue.enqueue(OTHER, "x").id();
    try {
      hand.time.advance(Duration.ofSeconds(release(first)));
      release(first);
      release(queue.enqueue(OTHER, "y").id());
      release(queue.enqueue(JobType.of("third", String.class), "z").id());
    } finally {
      System.setErr(before);
    }
    List<String> warnings =
        bytes.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("WARN")).toList();
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0))
        .endsWith(
            "Job "
                + first
                + " has the type 'other', for which this worker has no handler. Register one with"
                + " queue.handle(…), or stop working on queue 'default' here. Its jobs go back with"
                + " a growing delay; this is said once per type.");
    assertThat(warnings.get(1)).contains("has the type 'third'");
  }
}
