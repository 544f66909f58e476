package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import dev.noria.storage.file.sim.SimFileSystem.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fails beside a call must not take the call along, nor what comes after it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SetbackTest {
  private static final FileOptions SMALL = Scene.options().withCheckpointBytes(8_192);
  private static final int MANY = 1_000;
  private final SimDisk host = new SimDisk();
  private final SimFileSystem system = host.mount();

  /** Commits are written at once, checkpoints of many jobs are not. */
  private static Predicate<Step> longFiles() {
    List<String> last = new ArrayList<>(List.of(""));
    return step -> {
      boolean again =
          step.kind() == SimFileSystem.Kind.WRITE && step.path().equals(last.set(0, step.path()));
      return again;
    };
  }

  private static void enqueueMany(FileStorage storage, int from) {
    List<NewJob> jobs = new ArrayList<>();
    for (int number = from; number < from + MANY; number++) {
      jobs.add(Scene.job(number));
    }
    storage.enqueue(new CallId(5, from), jobs, Scene.NOW);
  }

  private List<String> names(String folder) throws IOException {
    SimFileSystem other = host.mount();
    return Scene.disk(other.getPath("/"), true).list(other.getPath("/jobs/noria/" + folder));
  }

  @Test
  void checkpoint_onAFullDisk_failsNoCallAndComesLater() throws IOException {
    FileStorage storage = Scene.open(system, SMALL);
    system.fail(longFiles(), "No space left on device");
    for (int round = 0; round < 12; round++) {
      enqueueMany(storage, 1 + round * MANY);
    }
    List<String> before = names("checkpoints");
    system.heal();
    for (int round = 12; names("checkpoints").equals(before); round++) {
      enqueueMany(storage, 1 + round * MANY);
    }
    assertThat(names("temp").size()).isLessThanOrEqualTo(1);
    storage.close();
  }

  @Test
  void close_onAFullDisk_letsGoOfEverything() throws IOException {
    FileStorage storage = Scene.open(system, Scene.options());
    for (int round = 0; round < 12; round++) {
      enqueueMany(storage, 1 + round * MANY);
    }
    system.fail(longFiles(), "No space left on device");
    storage.close();
    assertThat(names("owners")).isEmpty();
    assertThat(names("checkpoints")).isEmpty();
  }

  /** An error of the disk that not even its text can be asked of. */
  private static final class NoMemoryForIt extends IOException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new OutOfMemoryError("for a message");
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> boolean sneak(Exception e) throws E {
    throw (E) e;
  }

  @Test
  void call_thatEvenTheHandlingFailsOf_saysSoAndTheNextGoesOn() {
    FileStorage storage = Scene.open(system, SMALL);
    system.fail(step -> SetbackTest.<RuntimeException>sneak(new NoMemoryForIt()), "");
    assertThatThrownBy(() -> enqueueMany(storage, 1))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.outcomeUnknown()).isTrue())
        .hasMessageContaining("not finished");
    system.heal();
    enqueueMany(storage, 1);
    assertThat(Scene.countsRight(storage)).isTrue();
    storage.close();
  }

  @Test
  void folders_thatCanNotBeFollowed_doNotPileUp() throws IOException {
    FileStorage storage = Scene.open(system, FileOptions.defaults().withFolderCommits(2));
    storage.enqueue(new CallId(5, 1), List.of(Scene.job(1)), Scene.NOW);
    AtomicLong writes = new AtomicLong();
    // The call itself finds a place on the disk, the close of the folder does not.
    system.fail(
        step -> step.kind() == SimFileSystem.Kind.WRITE && writes.incrementAndGet() % 2 == 0,
        "No space left on device");
    List<String> before = names("log");
    for (int number = 2; number < 12; number++) {
      NewJob job = Scene.job(number);
      assertThatThrownBy(() -> storage.enqueue(new CallId(6, 1), List.of(job), Scene.NOW))
          .isInstanceOf(StorageException.class);
    }
    assertThat(writes.get()).isGreaterThanOrEqualTo(20);
    assertThat(names("log")).isEqualTo(before);
    system.heal();
    storage.close();
  }
}
