package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.JobId;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import dev.noria.storage.file.sim.Loss;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import dev.noria.storage.file.sim.SimPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several processes on one folder, and what each of them finds of the others. */
class SharingTest {
  private static final FileOptions SMALL = Scene.options().withCheckpointBytes(8_192);
  private final SimDisk host = new SimDisk();

  private Layout layout(SimFileSystem system) {
    return new Layout(system.getPath("/jobs/noria"));
  }

  private static List<String> names(Path folder) throws IOException {
    return Scene.disk(folder, true).list(folder);
  }

  private static void enqueue(FileStorage storage, int from, int to) {
    for (int i = from; i < to; i++) {
      storage.enqueue(new CallId(5, i), List.of(Scene.job(i)), Scene.NOW);
    }
  }

  @Test
  void leases_ofAKilledProcess_comeBackAtOnce() {
    Scene scene = Scene.set(host, SMALL);
    try (FileStorage other = Scene.open(host.mount(), SMALL)) {
      assertThat(other.maintain(100, Scene.NOW).reclaimed()).isEmpty();
      scene.system.kill();
      assertThat(other.maintain(100, Scene.NOW).reclaimed())
          .containsExactlyInAnyOrder(Scene.id(11), Scene.id(12));
      assertThat(other.maintain(100, Scene.NOW).reclaimed()).isEmpty();
    }
    scene.storage.close();
  }

  @Test
  void leases_ofAClosedStorage_stay() {
    Scene scene = Scene.set(host, SMALL);
    scene.storage.close();
    try (FileStorage other = Scene.open(host.mount(), SMALL)) {
      assertThat(other.maintain(100, Scene.NOW).reclaimed()).isEmpty();
    }
  }

  @Test
  void retention_lookedAfterByTwoProcesses_endsOnceForBoth() throws Exception {
    Scene scene = Scene.set(host, SMALL);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (FileStorage other = Scene.open(host.mount(), SMALL)) {
      Instant late = Scene.NOW.plus(Duration.ofDays(60));
      List<Callable<List<JobId>>> both =
          List.of(
              () -> scene.storage.maintain(100, late).purged(),
              () -> other.maintain(100, late).purged());
      List<JobId> purged = new ArrayList<>();
      for (Future<List<JobId>> one : pool.invokeAll(both)) {
        purged.addAll(one.get());
      }
      assertThat(purged).containsExactlyInAnyOrder(Scene.id(7), Scene.id(8));
      for (FileStorage storage : List.of(scene.storage, other)) {
        assertThat(storage.find(List.of(Scene.id(7), Scene.id(8)), Set.of())).isEmpty();
      }
    } finally {
      pool.shutdownNow();
    }
    scene.storage.close();
  }

  @Test
  void process_thatLagsBehindRetiredFolders_comesToTheSame() throws IOException {
    FileStorage lagging = Scene.open(host.mount(), SMALL);
    Scene scene = Scene.set(host, SMALL);
    for (int round = 0; round < 5; round++) {
      enqueue(scene.storage, 100 + round * 40, 140 + round * 40);
      assertThat(Scene.seen(lagging)).isEqualTo(Scene.seen(scene.storage));
    }
    assertThat(names(layout(scene.system).content())).isNotEmpty();
    lagging.close();
    scene.storage.close();
  }

  /** Each of them knows what was live only at its own checkpoints, and sweeps after the other's. */
  @Test
  void content_ofJobsThatWait_outlivesUpkeepByTurns() {
    FileOptions uncached = SMALL.withCacheBytes(0);
    List<FileStorage> both =
        List.of(Scene.open(host.mount(), uncached), Scene.open(host.mount(), uncached));
    for (int turn = 0; turn < 12; turn++) {
      enqueue(both.get(turn % 2), 100 + turn * 20, 120 + turn * 20);
    }
    both.forEach(FileStorage::close);
    try (FileStorage later = Scene.open(host.mount(), uncached)) {
      for (int number = 100; number < 340; number++) {
        assertThat(later.find(List.of(Scene.id(number)), Set.of(Part.PAYLOAD)))
            .singleElement()
            .satisfies(job -> assertThat(job.job()).isEqualTo(Scene.job(number(job))));
      }
      assertThat(Scene.drain(later)).isEmpty();
    }
  }

  private static long number(StoredJob job) {
    return job.id().low() & Long.MAX_VALUE;
  }

  @Test
  void checkpoint_thatIsDamaged_isPassedForTheOlderOne() throws IOException {
    Scene scene = Scene.set(host, SMALL);
    enqueue(scene.storage, 100, 160);
    List<Object> seen = Scene.seen(scene.storage);
    scene.storage.close();
    SimFileSystem system = host.mount();
    Path folder = layout(system).checkpoints();
    List<String> checkpoints = names(folder);
    assertThat(checkpoints).hasSize(2);
    host.damage((SimPath) folder.resolve(checkpoints.get(1)), 60);
    try (FileStorage later = Scene.open(system, SMALL)) {
      assertThat(Scene.seen(later)).isEqualTo(seen);
      assertThat(names(layout(system).corrupt()))
          .containsExactly("checkpoint-" + checkpoints.get(1));
    }
  }

  @Test
  void checkpoints_thatAreAllDamaged_areNotTakenForAnEmptyStorage() throws IOException {
    Scene scene = Scene.set(host, SMALL);
    enqueue(scene.storage, 100, 160);
    List<Object> seen = Scene.seen(scene.storage);
    scene.storage.close();
    SimFileSystem system = host.mount();
    Path folder = layout(system).checkpoints();
    for (String checkpoint : names(folder)) {
      host.damage((SimPath) folder.resolve(checkpoint), 60);
    }
    List<String> before = names(folder);
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertCorrupt(system, "none of the checkpoints");
    }
    assertThat(names(folder)).isEqualTo(before);
    for (String checkpoint : before) {
      host.damage((SimPath) folder.resolve(checkpoint), 60);
    }
    try (FileStorage later = Scene.open(system, SMALL)) {
      assertThat(Scene.seen(later)).as("the disk was mended").isEqualTo(seen);
    }
  }

  private static void assertCorrupt(SimFileSystem system, String why) {
    assertThatThrownBy(() -> Scene.open(system, SMALL))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.CORRUPT))
        .hasMessageContaining(why)
        .hasMessageContaining("Restore the folder from a backup, or move it away");
  }

  @Test
  void folder_withoutItsCheckpoints_isNotTakenForAnEmptyStorage() throws IOException {
    Scene scene = Scene.set(host, SMALL);
    enqueue(scene.storage, 100, 160);
    scene.storage.close();
    SimFileSystem system = host.mount();
    Path folder = layout(system).checkpoints();
    for (String checkpoint : names(folder)) {
      system.provider().delete(folder.resolve(checkpoint));
    }
    for (int attempt = 1; attempt <= 2; attempt++) {
      assertCorrupt(system, "the start of the log is gone");
    }
  }

  @Test
  void folder_withoutItsFormat_isNotTakenForAnEmptyStorage() throws IOException {
    Scene scene = Scene.set(host, Scene.options());
    scene.storage.close();
    SimFileSystem system = host.mount();
    system.provider().delete(layout(system).format());
    for (int attempt = 1; attempt <= 2; attempt++) {
      assertCorrupt(system, "format is gone, and there are commits");
    }
  }

  @Test
  void commit_thatRottedLater_countsForNobody() throws IOException {
    FileOptions options = FileOptions.defaults();
    Scene scene = Scene.set(host, options);
    SimFileSystem system = host.mount();
    Path folder = layout(system).log().resolve(names(layout(system).log()).get(0));
    enqueue(scene.storage, 30, 33);
    List<String> commits = names(folder);
    host.damage((SimPath) folder.resolve(commits.get(commits.size() - 2)), 50);
    try (FileStorage other = Scene.open(system, options)) {
      enqueue(other, 34, 36);
      List<Object> seen = Scene.seen(other);
      assertThat(Scene.seen(scene.storage)).isEqualTo(seen);
      assertThat(scene.storage.find(List.of(Scene.id(31)), Set.of())).isEmpty();
      assertThat(scene.storage.find(List.of(Scene.id(32)), Set.of())).hasSize(1);
    }
    scene.storage.close();
  }

  /** Between the news that a commit does not count and the state without it lies a load. */
  @Test
  void commit_thatRottedLater_countsForNobodyAfterAFailedLoadEither() throws IOException {
    FileOptions options = FileOptions.defaults();
    Scene scene = Scene.set(host, options);
    SimFileSystem system = host.mount();
    Path folder = layout(system).log().resolve(names(layout(system).log()).get(0));
    enqueue(scene.storage, 30, 33);
    List<String> commits = names(folder);
    host.damage((SimPath) folder.resolve(commits.get(commits.size() - 2)), 50);
    try (FileStorage other = Scene.open(system, options)) {
      enqueue(other, 34, 36);
      scene.system.fail(step -> step.path().endsWith("/checkpoints"), "Too many open files");
      assertThatThrownBy(() -> Scene.seen(scene.storage)).isInstanceOf(StorageException.class);
      scene.system.heal();
      assertThat(Scene.seen(scene.storage)).isEqualTo(Scene.seen(other));
    }
    scene.storage.close();
  }

  @Test
  void folder_thatOnlyLostSyncs_opensWithWhatIsLeft() {
    FileOptions careless = SMALL.withFsync(FileOptions.Fsync.NEVER);
    for (int seed = 0; seed < 60; seed++) {
      SimDisk disk = new SimDisk();
      Scene first = Scene.set(disk, SMALL);
      first.storage.close();
      FileStorage storage = Scene.open(disk.mount(), careless);
      enqueue(storage, 100, 120);
      disk.cutPower(Loss.some(seed));
      storage.close();
      try (FileStorage later = Scene.open(disk.mount(), SMALL)) {
        assertThat(Scene.countsRight(later)).isTrue();
        enqueue(later, 200, 202);
        assertThat(Scene.drain(later)).isEmpty();
      }
    }
  }
}
