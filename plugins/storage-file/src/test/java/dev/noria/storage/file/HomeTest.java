package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.Durability;
import dev.noria.storage.StorageException;
import dev.noria.storage.file.FileOptions.Fsync;
import dev.noria.storage.file.sim.SimDisk;
import dev.noria.storage.file.sim.SimFileSystem;
import dev.noria.storage.file.sim.SimPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir Path folder;
  private final SimDisk host = new SimDisk();

  private static Home home(Path root) {
    FileOptions options = FileOptions.defaults().withRoot(root);
    return new Home(options, Scene.disk(root, true));
  }

  @Test
  void prepare_inANewFolder_letsOnlyTheOwnerIn() throws IOException {
    Path root = folder.resolve("a/b/jobs");
    home(root).prepare();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
    Path temp = root.resolve("noria/temp");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp)))
        .isEqualTo("rwx------");
    Path file = temp.resolve("x");
    Scene.disk(root, true).create(file).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void prepare_whereEverybodyMayWrite_isRefused() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> home(open).prepare())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Everybody may write")
        .hasMessageContaining("chmod o-w");
  }

  @Test
  void prepare_whereEverybodyMayWriteToTheNamespace_isRefused() throws IOException {
    home(folder).prepare();
    Files.setPosixFilePermissions(
        folder.resolve("noria"), PosixFilePermissions.fromString("rwx---rwx"));
    assertThatThrownBy(() -> home(folder).prepare())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Everybody may write")
        .hasMessageContaining("noria");
  }

  @Test
  void open_whereEverybodyMayWrite_isRefused() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xrwx"));
    assertThatThrownBy(() -> FileStorage.open(FileOptions.defaults().withRoot(folder)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("chmod o-w");
    assertThat(folder).isEmptyDirectory();
  }

  private SimFileSystem process(String user) {
    SimFileSystem system = host.mount();
    system.runAs(user);
    return system;
  }

  private static void assertForeign(SimFileSystem system) {
    assertThatThrownBy(() -> Scene.open(system, Scene.options()))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("/jobs belongs to alice, this process runs as bob")
        .hasMessageContaining("use chown, or another folder");
  }

  @Test
  void open_ofSomebodyElsesStorage_isRefusedAndLeavesNothing() throws IOException {
    SimFileSystem alice = process("alice");
    Scene.open(alice, Scene.options()).close();
    Path owners = alice.getPath("/jobs/noria/owners");
    assertForeign(process("bob"));
    assertThat(Scene.disk(owners, true).list(owners)).isEmpty();
    Scene.open(process("alice"), Scene.options()).close();
  }

  @Test
  void open_inSomebodyElsesFolder_isRefusedAndLeavesNothing() throws IOException {
    Path root = process("alice").getPath("/jobs");
    assertThat(Scene.disk(root, true).createFolder(root)).isTrue();
    assertForeign(process("bob"));
    assertThat(Scene.disk(root, true).list(root)).isEmpty();
    Scene.open(process("alice"), Scene.options()).close();
  }

  @Test
  void prepare_onAFileInsteadOfAFolder_isRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> home(file).prepare()).isInstanceOf(IOException.class);
  }

  @Test
  void prepare_onANetworkFileSystem_isRefusedUnlessAllowed() throws IOException {
    for (String type : new String[] {"nfs4", "cifs", "fuse.sshfs", "9p", "Lustre"}) {
      SimFileSystem system = host.mount();
      system.pretend(type);
      Path root = system.getPath("/jobs");
      assertThatThrownBy(() -> home(root).prepare())
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("network file system")
          .hasMessageContaining("allowNetworkFs=true");
      FileOptions allowed = FileOptions.defaults().withRoot(root).withAllowNetworkFs(true);
      Home home = new Home(allowed, Scene.disk(root, true));
      home.prepare();
      assertThat(home.durability()).isEqualTo(Durability.PROCESS);
    }
  }

  @Test
  void durability_isWhatSyncsAllow() throws IOException {
    Path root = host.mount().getPath("/jobs");
    FileOptions options = FileOptions.defaults().withRoot(root);
    Home home = home(root);
    home.prepare();
    assertThat(home.durability()).isEqualTo(Durability.HOST);
    assertThat(new Home(options.withFsync(Fsync.NEVER), Scene.disk(root, false)).durability())
        .isEqualTo(Durability.PROCESS);
  }

  @Test
  void start_ofTwoProcesses_isTheSame() throws IOException {
    Path one = host.mount().getPath("/jobs");
    Path other = host.mount().getPath("/jobs");
    home(one).prepare();
    home(other).prepare();
    Layout layout = home(one).layout();
    Drafts drafts = new Drafts(layout.temp(), Scene.disk(one, true), "one");
    String first = home(one).start(drafts, 5);
    assertThat(home(other).start(drafts, 6)).isEqualTo(first);
  }

  @Test
  void start_ofALaterFormat_isRefused() throws IOException {
    SimFileSystem system = host.mount();
    Path root = system.getPath("/jobs");
    Home home = home(root);
    home.prepare();
    Drafts drafts = new Drafts(home.layout().temp(), Scene.disk(root, true), "one");
    home.start(drafts, 5);
    host.damage((SimPath) home.layout().format(), 40);
    assertThatThrownBy(() -> home.start(drafts, 6)).isInstanceOf(CorruptException.class);
  }
}
