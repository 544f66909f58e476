package dev.noria.engine;

import static dev.noria.engine.Fixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.GroupPolicy;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Administration;
import dev.noria.storage.LeasedJob;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RingTest {
  private final Fixture fixture = new Fixture();

  private void policy(QueuePolicy policy) {
    fixture.storage.capability(Administration.class).orElseThrow().setPolicy("q", policy, NOW);
  }

  private List<String> groups(int count) {
    return fixture.dequeue(count).stream().map(LeasedJob::group).map(String::valueOf).toList();
  }

  @Test
  void weights_holdAcrossCallsOfOneJob() {
    GroupPolicy heavy = GroupPolicy.UNLIMITED.withWeight(3);
    policy(QueuePolicy.UNLIMITED.withOverrides(Map.of("heavy", heavy)));
    fixture.fill(100, job -> job.group("heavy"));
    fixture.fill(100, job -> job.group("light"));
    int fromHeavy = 0;
    for (int i = 0; i < 80; i++) {
      fromHeavy += Collections.frequency(groups(1), "heavy");
    }
    assertThat(fromHeavy).isEqualTo(60);
  }

  @Test
  void aSaturatedGroup_comesBackWithItsSlot() {
    policy(QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(1)));
    fixture.fill(3, job -> job.group("a"));
    fixture.fill(3, job -> job.group("b"));
    List<LeasedJob> first = fixture.dequeue(10);
    assertThat(first).extracting(LeasedJob::group).containsExactly("a", "b");
    assertThat(groups(10)).isEmpty();
    fixture.complete(first.subList(1, 2));
    assertThat(groups(10)).containsExactly("b");
  }
}
