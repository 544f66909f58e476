package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.CallId;
import dev.noria.storage.file.FileOptions.Fsync;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** HOST, counted: what is answered is on the disk, also when many callers share its syncs. */
class HostDurabilityTest {
  private static final int THREADS = 16;
  private static final int CALLS = 12;
  private static final FileOptions OPTIONS = FileOptions.defaults().withFolderCommits(16);
  private final SimDisk host = new SimDisk();

  @Test
  void answers_toManyThreads_areAllCoveredBySyncs() throws Exception {
    Scene scene = Scene.set(host, OPTIONS);
    int before = scene.system.steps().size();
    assertThat(covered(scene.storage)).isEqualTo(THREADS * CALLS);
    List<Kind> kinds = scene.system.steps().stream().skip(before).map(step -> step.kind()).toList();
    long files = kinds.stream().filter(Kind.SYNC::equals).count();
    long links = kinds.stream().filter(Kind.LINK::equals).count();
    long folders = kinds.stream().filter(Kind.SYNC_FOLDER::equals).count();
    System.out.printf(
        "file storage: %d answers in %d links, after %d syncs of files and %d of folders%n",
        THREADS * CALLS, links, files, folders);
    // Each file once; each folder after every link into it, and the log when a folder is added.
    assertThat(files).isEqualTo(links);
    assertThat(folders).isGreaterThanOrEqualTo(links);
    scene.storage.close();
  }

  /** The test of the test. */
  @Test
  void answers_withoutSyncs_areFoundUncovered() throws Exception {
    Scene scene = Scene.set(host, OPTIONS.withFsync(Fsync.NEVER));
    assertThat(covered(scene.storage)).isLessThan(THREADS * CALLS);
    scene.storage.close();
  }

  /** A job, and what a loss of power at the very moment of its answer would leave of the disk. */
  private record Answer(int number, SimDisk left) {
    boolean isCovered() {
      try (FileStorage later = Scene.open(left.mount(), OPTIONS)) {
        return later.find(List.of(Scene.id(number)), Set.of()).size() == 1;
      }
    }
  }

  private long covered(FileStorage storage) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<Answer>>> callers = new ArrayList<>();
      for (int i = 1; i <= THREADS; i++) {
        int caller = i;
        callers.add(pool.submit(() -> call(storage, caller)));
      }
      long covered = 0;
      for (Future<List<Answer>> caller : callers) {
        covered += caller.get().stream().filter(Answer::isCovered).count();
      }
      return covered;
    } finally {
      pool.shutdownNow();
    }
  }

  private List<Answer> call(FileStorage storage, int caller) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 1; i <= CALLS; i++) {
      int number = caller * 1_000 + i;
      Object ignored =
          storage.enqueue(new CallId(1_000 + caller, i), List.of(Scene.job(number)), Scene.NOW);
      answers.add(new Answer(number, host.synced()));
    }
    return answers;
  }
}
