package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersTest {
  private final SimDisk host = new SimDisk();
  private final SimFileSystem first = host.mount();
  private final SimFileSystem second = host.mount();

  @BeforeEach
  void createFolder() throws IOException {
    new Disk(first.getPath("/"), true).createFolder(first.getPath("/owners"));
  }

  private static Owners owners(SimFileSystem system, long instance, String process) {
    Path folder = system.getPath("/owners");
    return new Owners(folder, new Disk(folder, true), instance, process);
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
    Disk disk = new Disk(folder, true);
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
    new Disk(temp, true).createFolder(temp);
    Drafts ofOne = new Drafts(temp, new Disk(temp, true), one.name());
    ofOne.write(new byte[3]);
    Path seen = second.getPath("/temp");
    Drafts ofOther = new Drafts(seen, new Disk(seen, true), other.name());
    Path own = ofOther.write(new byte[3]);
    ofOther.sweep(other::isAlive);
    assertThat(new Disk(seen, true).list(seen)).hasSize(2);
    first.kill();
    ofOther.sweep(other::isAlive);
    assertThat(new Disk(seen, true).list(seen)).containsExactly(own.getFileName().toString());
  }
}
