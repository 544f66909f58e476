package dev.noria.storage.file;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.file.FileOptions.Permissions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a folder and what is created in it: one user, or all users of the folder's group.
 * Which of the two is seen from the folder, so that nobody adds what others can not read.
 * Thread-safe.
 */
final class Access {
  private static final FileAttribute<?>[] NONE = {};

  private final Path root;
  private final boolean posix;
  private final boolean shared;
  private final Set<PosixFilePermission> file;
  private final Set<PosixFilePermission> folder;
  private volatile @Nullable GroupPrincipal group;

  Access(Path root, Permissions permissions) {
    this.root = root;
    this.posix = supports(root, "posix");
    this.shared = permissions == Permissions.GROUP;
    this.file = PosixFilePermissions.fromString(shared ? "rw-rw----" : "rw-------");
    this.folder = PosixFilePermissions.fromString(shared ? "rwxrwx---" : "rwx------");
  }

  private static boolean supports(Path path, String view) {
    return path.getFileSystem().supportedFileAttributeViews().contains(view);
  }

  FileAttribute<?>[] ofFiles() {
    return attributes(file);
  }

  FileAttribute<?>[] ofFolders() {
    return attributes(folder);
  }

  private FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : NONE;
  }

  /** Opens what was just created to the others, if there are any: the umask may forbid it. */
  void share(Path created, boolean isFolder) throws IOException {
    if (!shared) {
      return;
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(
            created, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    view.setGroup(group());
    view.setPermissions(isFolder ? folder : file);
  }

  private GroupPrincipal group() throws IOException {
    GroupPrincipal known = group;
    if (known == null) {
      known = groupOf(root);
      group = known;
    }
    return known;
  }

  private static GroupPrincipal groupOf(Path path) throws IOException {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class).readAttributes().group();
  }

  /** Refuses a root that can not be what it is to be, before anything is made. */
  void checkRoot() throws IOException {
    if (shared && (!posix || !Files.isDirectory(root))) {
      throw refused(
          root + (posix ? " is no folder yet" : " has no groups"),
          "permissions=group takes an existing folder of the group that all its users are in",
          "make it with mkdir, chgrp and chmod 770, or use permissions=owner");
    }
  }

  /** Refuses a folder that the wrong users may write to. */
  void check(Path checked, boolean made) throws IOException {
    if (!posix) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(checked);
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw refused(
          "Everybody may write to " + checked,
          "a folder that only its " + (shared ? "group" : "owner") + " writes to",
          "use chmod o-w");
    }
    boolean open = permissions.contains(PosixFilePermission.GROUP_WRITE);
    if (shared && !open) {
      throw refused(
          "Only its owner may write to " + checked,
          "a folder of the group for permissions=group",
          "use permissions=owner, or stop its processes and use chgrp -R and chmod -R g+rwX");
    }
    if (!shared && open && made) {
      throw refused(
          "A group may write to " + checked,
          "a folder that only its owner writes to",
          "use permissions=group, or stop its processes and use chmod -R g-rwx");
    }
  }

  /** Compares with a file that this process made: who that is, nobody has to say. */
  void checkSame(Path checked, Path own) throws IOException {
    if (shared) {
      checkGroup(checked);
    } else if (supports(own, "owner")) {
      String owner = Files.getOwner(checked).getName();
      String self = Files.getOwner(own, LinkOption.NOFOLLOW_LINKS).getName();
      if (!owner.equals(self)) {
        throw refused(
            checked + " belongs to " + owner + ", this process runs as " + self,
            "a folder of its own",
            "use chown, or another folder; permissions=group shares one");
      }
    }
  }

  private void checkGroup(Path checked) throws IOException {
    String is = groupOf(checked).getName();
    String expected = group().getName();
    if (!is.equals(expected)) {
      throw refused(
          checked + " belongs to the group " + is + ", " + root + " to " + expected,
          "one group for both",
          "use chgrp -R");
    }
  }

  private static StorageException refused(String wrong, String expected, String help) {
    return new StorageException(
        Kind.INTERNAL, wrong + ". Expected " + expected + "; " + help + ".");
  }
}
