package dev.noria.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.Ack;
import org.junit.jupiter.api.Test;

/** The counting of leases for limits. */
final class OccupancyTest {
  private static Occupancy of(Story story) {
    return Occupancy.of(story.history(), Story.LEASE, taken -> taken.queue() + "/" + taken.group());
  }

  private static Story grouped(int... jobs) {
    Story story = new Story();
    for (int job : jobs) {
      story.enqueue(job, change -> change.group(job < 10 ? "a" : "b"));
    }
    return story;
  }

  @Test
  void twoLeasesAtOnce_countTwo() {
    Occupancy most = of(grouped(1, 2).take(1, 1).by("v").take(2, 1).complete(2, 1));
    assertThat(most.most("q/a")).isEqualTo(2);
    assertThat(most.most("q/b")).isZero();
  }

  @Test
  void leasesOfTwoGroups_countOneEach() {
    Occupancy most = of(grouped(1, 10).take(1, 1).take(10, 1));
    assertThat(most.most()).containsOnlyKeys("q/a", "q/b").containsValues(1, 1);
  }

  @Test
  void anAckThatIsSent_endsTheLease() {
    Story story = grouped(1, 2).take(1, 1);
    story.sendAck(1, 1, Ack.Kind.RELEASED);
    assertThat(of(story.take(2, 1)).most("q/a")).isOne();
  }

  @Test
  void aKill_endsTheLeasesOfThatProcess() {
    Story story = grouped(1, 2, 3).by("dead").take(1, 1).by("w").take(2, 1);
    assertThat(of(story.kill("dead").take(3, 1)).most("q/a")).isEqualTo(2);
  }

  @Test
  void whatAKilledProcessStillSays_isNotCounted() {
    Story story = grouped(1, 2).kill("dead").by("dead").take(1, 1);
    assertThat(of(story.by("w").take(2, 1)).most("q/a")).isOne();
  }

  @Test
  void anExpiredLease_isNotCounted() {
    Story story = grouped(1, 2).take(1, 1).at(Story.LEASE.toSeconds() + 1);
    assertThat(of(story.take(2, 1)).most("q/a")).isOne();
  }

  @Test
  void aReplyThatCameLate_countsFromTheReplyToTheEndOfTheLease() {
    Story story = grouped(1, 2);
    var late = story.ask();
    story.at(20).take(late, 1, 1).at(29).take(2, 1).complete(2, 1);
    assertThat(of(story).most("q/a")).isEqualTo(2);
    Story later = grouped(1, 2);
    var tooLate = later.ask();
    later.at(20).take(tooLate, 1, 1).at(31).take(2, 1);
    assertThat(of(later).most("q/a")).isOne();
  }
}
