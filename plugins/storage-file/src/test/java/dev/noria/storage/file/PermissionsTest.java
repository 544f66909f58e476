package dev.noria.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.storage.CallId;
import dev.noria.storage.StorageException;
import dev.noria.storage.file.FileOptions.Permissions;
import dev.noria.storage.file.sim.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of one user, and a folder of a group. */
class PermissionsTest {
  @TempDir Path folder;

  private FileOptions options(Permissions permissions) {
    return FileOptions.defaults().withRoot(folder).withPermissions(permissions);
  }

  private FileOptions small(Permissions permissions) {
    return options(permissions).withFolderCommits(3).withCheckpointBytes(8_192);
  }

  private void chmod(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void enqueue(FileStorage storage, int from, int to) {
    for (int i = from; i < to; i++) {
      storage.enqueue(new CallId(5, i), List.of(Scene.job(i)), Scene.NOW);
    }
  }

  /** How folders and files below the root are, with their group. */
  private Set<String> modes() throws IOException {
    Set<String> modes = new HashSet<>();
    try (Stream<Path> all = Files.walk(folder.resolve("noria"))) {
      for (Path path : all.toList()) {
        PosixFileAttributes is = Files.readAttributes(path, PosixFileAttributes.class);
        String kind = is.isDirectory() ? "d" : "-";
        modes.add(
            kind + PosixFilePermissions.toString(is.permissions()) + " " + is.group().getName());
      }
    }
    return modes;
  }

  private String group() throws IOException {
    return Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
  }

  /** Open, nothing tidies up beside it; closed with small files, there is one of every kind. */
  private void assertModes(Permissions permissions, Set<String> expected) throws IOException {
    try (FileStorage storage = FileStorage.open(options(permissions))) {
      enqueue(storage, 1, 10);
      assertThat(modes()).isEqualTo(expected);
    }
    try (FileStorage storage = FileStorage.open(small(permissions))) {
      enqueue(storage, 10, 40);
    }
    Layout layout = new Layout(folder.resolve("noria"));
    assertThat(layout.checkpoints()).isNotEmptyDirectory();
    assertThat(layout.content()).isNotEmptyDirectory();
    assertThat(modes()).isEqualTo(expected);
    try (FileStorage storage = FileStorage.open(options(permissions))) {
      assertThat(Scene.drain(storage)).isEmpty();
    }
  }

  @Test
  void open_forOneUser_keepsEverybodyElseOut() throws IOException {
    assertModes(Permissions.OWNER, Set.of("drwx------ " + group(), "-rw------- " + group()));
  }

  @Test
  void open_forAGroup_letsItIntoEverythingWhateverTheUmask() throws IOException {
    chmod(folder, "rwxrwx---");
    assertModes(Permissions.GROUP, Set.of("drwxrwx--- " + group(), "-rw-rw---- " + group()));
  }

  private void assertRefused(Permissions permissions, String wrong, String help) {
    assertThatThrownBy(() -> FileStorage.open(options(permissions)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(wrong)
        .hasMessageContaining(help);
  }

  @Test
  void open_forOneUser_refusesTheFolderOfAGroup() throws IOException {
    chmod(folder, "rwxrwx---");
    FileStorage.open(options(Permissions.GROUP)).close();
    assertRefused(
        Permissions.OWNER,
        "A group may write to " + folder.resolve("noria"),
        "use permissions=group, or stop its processes and use chmod -R g-rwx");
    chmod(folder.resolve("noria"), "rwx------");
    FileStorage.open(options(Permissions.OWNER)).close();
  }

  @Test
  void open_forAGroup_refusesTheFolderOfOneUser() throws IOException {
    FileStorage.open(options(Permissions.OWNER)).close();
    assertRefused(
        Permissions.GROUP, "Only its owner may write to " + folder, "use permissions=owner, or");
    chmod(folder, "rwxrwx---");
    assertRefused(
        Permissions.GROUP,
        "Only its owner may write to " + folder.resolve("noria"),
        "chgrp -R and chmod -R g+rwX");
  }

  @Test
  void open_forAGroup_needsAFolderThatIsThere() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> FileStorage.open(options(Permissions.GROUP).withRoot(absent)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(absent + " is no folder yet")
        .hasMessageContaining("mkdir, chgrp and chmod 770");
    assertThat(absent).doesNotExist();
  }

  @Test
  void open_forAGroup_refusesWhatEverybodyMayWriteTo() throws IOException {
    chmod(folder, "rwxrwxrwx");
    assertRefused(Permissions.GROUP, "Everybody may write to " + folder, "only its group");
  }

  @Test
  void open_forAGroup_whereThereAreNone_isRefused() {
    assertThatThrownBy(
            () ->
                Scene.open(
                    new SimDisk().mount(),
                    FileOptions.defaults().withPermissions(Permissions.GROUP)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("has no groups");
  }
}
