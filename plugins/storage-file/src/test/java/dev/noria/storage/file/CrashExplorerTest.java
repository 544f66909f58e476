package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.StorageException;
import dev.noria.storage.file.FileOptions.Fsync;
import dev.noria.storage.file.sim.Loss;
import dev.noria.storage.file.sim.SimDisk;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call × every change of the disk after which the process dies × what a loss of power takes:
 * afterwards what was answered is there, what was not is there as a whole or not at all, a
 * repetition has the one effect, counts are right, and nothing is stuck.
 */
@Tag("slow")
class CrashExplorerTest {
  private static final int LOSSES = 5;
  private static final AtomicInteger STATES = new AtomicInteger();

  @AfterAll
  static void tell() {
    System.out.println("file storage: states explored: " + STATES.get());
  }

  @ParameterizedTest
  @EnumSource
  void call_atEveryCrashPoint_isWholeOrAbsent(Deed deed) {
    explore(deed, Scene.options());
  }

  @ParameterizedTest
  @EnumSource(names = {"ENQUEUE_MANY", "EXCHANGE", "MAINTAIN", "REPLAY"})
  void call_atEveryCrashPointWithCheckpoints_isWholeOrAbsent(Deed deed) {
    explore(deed, Scene.options().withCheckpointBytes(4_096).withCacheBytes(0));
  }

  /** The test of the test: without syncs, a loss of power is noticed. */
  @Test
  void call_withoutSyncs_isFoundLost() {
    FileOptions careless = Scene.options().withFsync(Fsync.NEVER);
    Known known = Known.of(Deed.ENQUEUE, careless);
    Run run = new Run(Deed.ENQUEUE, careless, known);
    assertThat(run.at(100, 0)).as("the death of the process").isTrue();
    for (int loss = 1; loss <= 2; loss++) {
      int what = loss;
      assertThatThrownBy(() -> run.at(100, what))
          .isInstanceOfAny(AssertionError.class, StorageException.class);
    }
  }

  private static void explore(Deed deed, FileOptions options) {
    Known known = Known.of(deed, options);
    for (int point = 0, over = 0; over < LOSSES; point++) {
      over = 0;
      for (int loss = 0; loss < LOSSES; loss++) {
        over += new Run(deed, options, known).at(point, loss) ? 1 : 0;
        STATES.incrementAndGet();
      }
      assertThat(point).as("crash points of " + deed).isLessThan(500);
    }
  }

  /** What is right. */
  private record Known(List<Object> before, List<Object> after, Object reply) {
    static Known of(Deed deed, FileOptions options) {
      Scene scene = Scene.set(new SimDisk(), options);
      List<Object> before = Scene.seen(scene.storage);
      Object reply = deed.on(scene);
      List<Object> after = Scene.seen(scene.storage);
      scene.storage.close();
      return new Known(before, after, reply);
    }
  }

  private record Run(Deed deed, FileOptions options, Known known) {

    /** Whether all was over before the crash. */
    boolean at(int point, int loss) {
      SimDisk host = new SimDisk();
      Scene scene = Scene.set(host, options);
      scene.system.stopAfter(point);
      Object reply = attempt(scene);
      scene.storage.close();
      boolean over = reply != null && !scene.system.isDead();
      scene.system.kill();
      switch (loss) {
        case 0 -> {}
        case 1 -> host.cutPower(Loss.all());
        case 2 -> host.cutPower(Loss.data());
        default -> host.cutPower(Loss.some(31L * point + loss));
      }
      String where = deed + " at change " + point + ", loss " + loss;
      try (FileStorage later = Scene.open(host.mount(), options)) {
        check(later, reply, where);
        repeat(scene, later, where);
        assertThat(Scene.countsRight(later)).as(where + ": counts").isTrue();
        assertThat(Scene.drain(later)).as(where + ": stuck").isEmpty();
        assertThat(Scene.countsRight(later)).as(where + ": counts at rest").isTrue();
      }
      return over;
    }

    private @Nullable Object attempt(Scene scene) {
      try {
        return deed.on(scene);
      } catch (StorageException e) {
        return null;
      }
    }

    private void check(FileStorage later, @Nullable Object reply, String where) {
      List<Object> seen = Scene.seen(later);
      if (reply != null) {
        assertThat(reply).as(where + ": reply").isEqualTo(known.reply());
        assertThat(seen).as(where + ": answered").isEqualTo(known.after());
      } else if (deed.isOneUnit()) {
        assertThat(seen).as(where + ": not answered").isIn(known.before(), known.after());
      }
    }

    private void repeat(Scene scene, FileStorage later, String where) {
      if (deed.repeatable) {
        assertThat(deed.on(scene.over(later))).as(where + ": again").isEqualTo(known.reply());
        assertThat(Scene.seen(later)).as(where + ": after repetition").isEqualTo(known.after());
      }
    }
  }
}
