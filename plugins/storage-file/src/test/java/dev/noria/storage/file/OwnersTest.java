package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersTest {
  private final SimDisk host = new SimDisk();
  private final SimFileSystem first = host.mount();
  private final SimFileSystem second = host.mount();

  @BeforeEach
  void createFolder() throws IOException {
    Scene.disk(first.getPath("/"), true).createFolder(first.getPath("/owners"));
  }

  private static Owners owners(SimFileSystem system, long instance, String process) {
    Path folder = system.getPath("/owners");
    return new Owners(folder, Scene.disk(folder, true), instance, process);
  }

  @Test
  void dead_whileTheProcessLives_isEmpty() throws IOException {
    Owners one = owners(first, 1, "10-1");
    Owners other = owners(second, 2, "11-1");
    one.open();
    other.open();
    assertThat(other.dead()).isEmpty();
    assertThat(other.isAlive(one.name())).isTrue();
  }

  @Test
  void dead_afterTheProcessWasKilled_namesItUntilForgotten() throws IOException {
    Owners one = owners(first, 1, "10-1");
    Owners other = owners(second, 2, "11-1");
    one.open();
    other.open();
    first.kill();
    assertThat(other.dead()).containsExactly(new Owners.Dead(one.name(), 1));
    assertThat(other.isAlive(one.name())).isFalse();
    other.forget(new Owners.Dead(one.name(), 1));
    assertThat(other.dead()).isEmpty();
  }

  @Test
  void open_whileOthersLookAtEachStep_isNeverTakenForDead() throws IOException {
    Owners one = owners(first, 1, "10-1");
    Owners other = owners(second, 2, "11-1");
    List<Owners.Dead> dead = new ArrayList<>();
    AtomicInteger looks = new AtomicInteger();
    first.fail(
        step -> {
          if (looks.incrementAndGet() < 20) {
            look(other, dead);
          }
          return false;
        },
        "");
    one.open();
    first.heal();
    assertThat(looks.get()).isGreaterThan(2);
    assertThat(dead).isEmpty();
    assertThat(other.isAlive(one.name())).isTrue();
    assertThat(names()).containsExactly(one.name());
  }

  private static void look(Owners owners, List<Owners.Dead> dead) {
    try {
      dead.addAll(owners.dead());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> names() throws IOException {
    return Scene.disk(second.getPath("/"), true).list(second.getPath("/owners"));
  }

  @Test
  void open_whenSomebodyTriesTheLockAtThatMoment_triesAgain() throws IOException {
    Owners one = owners(first, 1, "10-1");
    List<FileChannel> held = new ArrayList<>();
    first.fail(
        step -> {
          if (step.kind() == SimFileSystem.Kind.LOOK && held.isEmpty()) {
            held.add(locked(second.getPath(step.path())));
          }
          return false;
        },
        "");
    one.open();
    first.heal();
    assertThat(held).hasSize(1);
    held.get(0).close();
    assertThat(owners(second, 2, "11-1").isAlive(one.name())).isTrue();
    assertThat(names()).containsExactly(one.name());
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static FileChannel locked(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      assertThat(channel.tryLock()).isNotNull();
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void dead_amongFilesOfOthers_namesOnlyOwners() throws IOException {
    Owners one = owners(first, 1, "10-1");
    Owners other = owners(second, 2, "11-1");
    one.open();
    first.kill();
    Path folder = second.getPath("/owners");
    for (String stray :
        List.of("a left-over of some editor", one.name() + "~", ".nfs000000000001")) {
      Scene.disk(folder, true).create(folder.resolve(stray)).close();
    }
    assertThat(other.dead()).containsExactly(new Owners.Dead(one.name(), 1));
    assertThat(names()).hasSize(4);
  }

  @Test
  void dead_afterAProcessWasKilledWhileItOpened_clearsItsFileAway() throws IOException {
    for (int steps = 0; steps < 3; steps++) {
      SimFileSystem killed = host.mount();
      killed.stopAfter(steps);
      Owners one = owners(killed, 1, "10-1");
      try {
        one.open();
      } catch (IOException e) {
        assertThat(killed.isDead()).isTrue();
      }
      killed.kill();
      Owners other = owners(second, 2, "11-1");
      other.dead().forEach(other::forget);
      assertThat(names()).isEmpty();
    }
  }

  @Test
  void dead_afterClose_isEmpty() throws IOException {
    Owners one = owners(first, 1, "10-1");
    Owners other = owners(second, 2, "11-1");
    one.open();
    other.open();
    one.close();
    assertThat(other.dead()).isEmpty();
    assertThat(other.isAlive(one.name())).isFalse();
  }

  @Test
  void twoStoragesOfOneProcess_onARealDisk_countAsAlive(@TempDir Path folder) throws IOException {
    Disk disk = Scene.disk(folder, true);
    Owners one = new Owners(folder, disk, 1, Owners.thisProcess());
    Owners other = new Owners(folder, disk, 2, Owners.thisProcess());
    one.open();
    other.open();
    assertThat(one.dead()).isEmpty();
    assertThat(other.isAlive(one.name())).isTrue();
    one.close();
    assertThat(other.isAlive(one.name())).isFalse();
    other.close();
    assertThat(disk.list(folder)).isEmpty();
  }

  @Test
  void sweep_deletesOnlyWhatTheDeadLeft() throws IOException {
    Owners one = owners(first, 1, "10-1");
    Owners other = owners(second, 2, "11-1");
    one.open();
    other.open();
    Path temp = first.getPath("/temp");
    Scene.disk(temp, true).createFolder(temp);
    Drafts ofOne = new Drafts(temp, Scene.disk(temp, true), one.name());
    ofOne.write(new byte[3]);
    Path seen = second.getPath("/temp");
    Drafts ofOther = new Drafts(seen, Scene.disk(seen, true), other.name());
    Path own = ofOther.write(new byte[3]);
    ofOther.sweep(other::isAlive);
    assertThat(Scene.disk(seen, true).list(seen)).hasSize(2);
    first.kill();
    ofOther.sweep(other::isAlive);
    assertThat(Scene.disk(seen, true).list(seen)).containsExactly(own.getFileName().toString());
  }
}
