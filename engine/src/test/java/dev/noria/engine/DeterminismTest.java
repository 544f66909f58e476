package dev.noria.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.Durability;
import dev.noria.storage.Events;
import dev.noria.tck.model.ModelCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same commands give the same state, whatever way a replica came to it. */
class DeterminismTest {
  private static final int SEQUENCES = Integer.getInteger("noria.test.model", 15);

  private static void compare(long seed) {
    SharedLog log = new SharedLog(seed);
    EngineStorage storage = log.open(30, Durability.PROCESS);
    storage.capability(Events.class).orElseThrow().mode(Events.Mode.ALL);
    SharedLog.Follower steady = log.follow(0);
    SharedLog.Follower forgetful = log.follow(200);
    ModelCheck.run(storage, seed * 1_000, SEQUENCES, Fixture.NOW);
    byte[] expected = SharedLog.snapshot(steady.replica);
    assertThat(SharedLog.snapshot(forgetful.replica)).isEqualTo(expected);
    assertThat(SharedLog.snapshot(log.follow(0).replica)).isEqualTo(expected);
  }

  @Test
  @Tag("slow")
  void replicasOfOneLog_haveOneState_howeverTheyCameToIt() {
    for (long seed = 1; seed <= 3; seed++) {
      compare(seed);
    }
  }
}
