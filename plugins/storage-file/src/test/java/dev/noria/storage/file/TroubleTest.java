package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that is full, broken, read-only or out of reach. */
class TroubleTest {
  private static final Map<String, String> TROUBLES =
      Map.of(
          "No space left on device", "disk or the quota is full",
          "Disk quota exceeded", "disk or the quota is full",
          "Input/output error", "disk failed",
          "Read-only file system", "read-only",
          "Permission denied", "permissions",
          "Too many open files", "too many files open");

  private static final AtomicInteger STATES = new AtomicInteger();

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void call_whenAnyStepFails_saysWhyAndLosesNothing(Deed deed) {
    Scene twin = Scene.set(new SimDisk(), Scene.options());
    List<Object> before = Scene.seen(twin.storage);
    Object reply = deed.on(twin);
    List<Object> after = Scene.seen(twin.storage);
    twin.storage.close();
    TROUBLES.forEach(
        (text, advice) -> {
          Known known = new Known(deed, before, after, reply);
          for (int step = 0; known.fail(step, Integer.MAX_VALUE, text, advice); step++) {
            STATES.incrementAndGet();
          }
          for (int step = 0; known.fail(step, 1, text, advice); step++) {
            STATES.incrementAndGet();
          }
        });
    System.out.println("file storage: failed steps up to " + deed + ": " + STATES.get());
  }

  /** What is right for a call. */
  private record Known(Deed deed, List<Object> before, List<Object> after, Object reply) {

    /** Lets some steps fail; says whether there were as many. */
    boolean fail(int first, int count, String text, String advice) {
      Scene scene = Scene.set(new SimDisk(), Scene.options());
      AtomicInteger steps = new AtomicInteger();
      scene.system.fail(
          any -> {
            int step = steps.getAndIncrement();
            return step >= first && step - first < count;
          },
          text);
      List<Object> right = List.of(after);
      try {
        assertThat(deed.on(scene)).isEqualTo(reply);
      } catch (StorageException e) {
        right = e.outcomeUnknown() ? List.of(before, after) : List.of(before);
        assertThat(e.kind()).as(deed + " " + first).isEqualTo(Kind.UNAVAILABLE);
        assertThat(e).hasMessageContaining(advice).hasMessageContaining(text);
      }
      int done = steps.get();
      scene.system.heal();
      if (deed.isOneUnit()) {
        String where = deed + " at " + first + ": " + text;
        assertThat(right).as(where).contains(Scene.seen(scene.storage));
      }
      if (deed.repeatable) {
        assertThat(deed.on(scene)).isEqualTo(reply);
        assertThat(Scene.seen(scene.storage)).isEqualTo(after);
      }
      assertThat(Scene.drain(scene.storage)).isEmpty();
      scene.storage.close();
      return done > first;
    }
  }

  @Test
  void answers_comeAfterTheSyncsThatTheyRestOn() throws Exception {
    SimDisk host = new SimDisk();
    Scene scene = Scene.set(host, Scene.options());
    int commits = 0;
    for (Deed deed : new Deed[] {Deed.ENQUEUE, Deed.CANCEL, Deed.REGISTER, Deed.STEP, Deed.PAUSE}) {
      Object ignored = deed.on(scene);
      for (SimFileSystem.Step step : scene.system.steps()) {
        if (step.kind() == SimFileSystem.Kind.LINK && step.path().contains("/log/")) {
          assertThat(host.isDurable(scene.system.getPath(step.path()))).isTrue();
          commits++;
        }
      }
    }
    assertThat(commits).isGreaterThan(20);
    scene.storage.close();
  }

  @Test
  void open_onAFullDisk_saysSo() {
    SimFileSystem system = new SimDisk().mount();
    system.fail(step -> step.kind().isChanging(), "No space left on device");
    try (FileStorage storage = Scene.open(system, Scene.options())) {
      assertThat(storage).isNull();
    } catch (StorageException e) {
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e).hasMessageContaining("free some space");
    }
  }
}
