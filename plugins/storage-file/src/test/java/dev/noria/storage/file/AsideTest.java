package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobState;
import dev.noria.job.Part;
import dev.noria.storage.CallId;
import dev.noria.storage.SetAside;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import dev.noria.storage.file.sim.SimFileSystem.Kind;
import dev.noria.storage.file.sim.SimPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Damaged files are kept, and whoever maintains the storage is told. */
class AsideTest {
  private static final FileOptions LONG = FileOptions.defaults();
  private static final FileOptions SMALL = Scene.options().withCheckpointBytes(8_192);
  private final SimDisk host = new SimDisk();

  private static Layout layout(SimFileSystem system) {
    return new Layout(system.getPath("/jobs/noria"));
  }

  private static List<Path> files(Path folder) throws IOException {
    return Scene.disk(folder, true).list(folder).stream().map(folder::resolve).toList();
  }

  private static void enqueue(FileStorage storage, int from, int to) {
    for (int i = from; i < to; i++) {
      storage.enqueue(new CallId(5, i), List.of(Scene.job(i)), Scene.NOW);
    }
  }

  private static List<SetAside> told(FileStorage storage) {
    return storage.maintain(100, Scene.NOW).setAside();
  }

  private Path damagedCommit(SimFileSystem system) throws IOException {
    List<Path> commits = files(files(layout(system).log()).get(0));
    Path commit = commits.get(commits.size() - 2);
    host.damage((SimPath) commit, 50);
    return commit;
  }

  @Test
  void commit_thatIsFoundDamagedAtOpen_isToldOnceByEachWhoMeetsIt() throws IOException {
    Scene scene = Scene.set(host, LONG);
    enqueue(scene.storage, 30, 33);
    SimFileSystem system = host.mount();
    Path commit = damagedCommit(system);
    byte[] bytes = Files.readAllBytes(commit);
    Path kept = layout(system).corrupt().resolve("commit-" + commit.getFileName());
    try (FileStorage other = Scene.open(system, LONG)) {
      assertThat(told(other))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.record()).isEqualTo(commit.toString());
                assertThat(one.keptAt()).isEqualTo(kept.toString());
                assertThat(one.reason()).contains("checksum");
              });
      assertThat(Files.readAllBytes(kept)).isEqualTo(bytes);
      assertThat(told(other)).isEmpty();
      assertThat(told(scene.storage))
          .as("who could read it, and goes back")
          .singleElement()
          .satisfies(one -> assertThat(one.keptAt()).isEqualTo(kept.toString()));
      assertThat(told(scene.storage)).isEmpty();
    }
    scene.storage.close();
  }

  @Test
  void content_thatIsFoundDamaged_isToldOnceThoughItIsReadAgain() throws IOException {
    FileOptions uncached = LONG.withCacheBytes(0);
    try (FileStorage storage = Scene.open(host.mount(), uncached)) {
      enqueue(storage, 1, 2);
      SimFileSystem system = host.mount();
      Path commit = files(files(layout(system).log()).get(0)).get(0);
      host.damage((SimPath) commit, payloadIn(commit));
      byte[] bytes = Files.readAllBytes(commit);
      for (int again = 0; again < 3; again++) {
        assertThat(storage.find(List.of(Scene.id(1)), Set.of(Part.PAYLOAD))).hasSize(1);
      }
      Path kept = layout(system).corrupt().resolve("content-" + commit.getFileName());
      assertThat(told(storage)).extracting(SetAside::keptAt).containsExactly(kept.toString());
      assertThat(Files.readAllBytes(kept)).isEqualTo(bytes);
      assertThat(
              storage.dequeue(new CallId(6, 1), Scene.request(Scene.QUEUE, 1), Scene.NOW).ended())
          .singleElement()
          .satisfies(job -> assertThat(job.state()).isEqualTo(JobState.DEAD));
      assertThat(told(storage)).isEmpty();
    }
  }

  private static int payloadIn(Path commit) throws IOException {
    return new String(Files.readAllBytes(commit), ISO_8859_1).indexOf("payload");
  }

  private List<Path> closedWithTwoCheckpoints() throws IOException {
    Scene scene = Scene.set(host, SMALL);
    enqueue(scene.storage, 100, 160);
    scene.storage.close();
    return files(layout(host.mount()).checkpoints());
  }

  @Test
  void checkpoint_thatIsDamaged_isTold() throws IOException {
    Path newest = closedWithTwoCheckpoints().get(1);
    host.damage((SimPath) newest, 60);
    try (FileStorage storage = Scene.open(host.mount(), SMALL)) {
      assertThat(told(storage)).extracting(SetAside::record).containsExactly(newest.toString());
    }
  }

  @Test
  void checkpoint_thatCanNotBeKept_isToldAndStaysWhereItIs() throws IOException {
    Path newest = closedWithTwoCheckpoints().get(1);
    host.damage((SimPath) newest, 60);
    SimFileSystem system = host.mount();
    system.fail(
        step -> step.kind() == Kind.LINK && step.path().contains("/corrupt/"), "Permission denied");
    try (FileStorage storage = Scene.open(system, SMALL)) {
      assertThat(told(storage)).extracting(SetAside::keptAt).containsExactly(newest.toString());
      assertThat(files(layout(host.mount()).checkpoints())).contains(newest);
    }
  }

  @Test
  void keep_ofAnotherFileOfTheSameName_keepsBoth() throws IOException {
    LogRig rig = LogRig.open(host, "one");
    Aside aside = new Aside(rig.layout.corrupt(), rig.disk);
    Path file = rig.layout.temp().resolve("x");
    for (int number = 1; number <= 2; number++) {
      rig.disk.create(file).close();
      for (int again = 0; again < 2; again++) {
        assertThat(aside.keep(file, "checkpoint", "it is number " + number)).isTrue();
      }
      assertThat(rig.disk.deleteQuietly(file)).isTrue();
    }
    assertThat(aside.takeUntold())
        .extracting(SetAside::reason)
        .containsExactly("it is number 1", "it is number 2");
    assertThat(rig.disk.list(rig.layout.corrupt()))
        .containsExactly("checkpoint-x", "checkpoint-x.1");
  }
}
