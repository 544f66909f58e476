package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.noria.storage.Durability;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.file.FileOptions.Fsync;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Prepares the folder of a storage, or refuses it. */
final class Home {
  /** File systems of other machines, where neither locks nor links nor syncs can be relied on. */
  private static final Set<String> NETWORK =
      Set.of(
          "nfs",
          "nfs3",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "afs",
          "9p",
          "v9fs",
          "ceph",
          "fuse.ceph",
          "sshfs",
          "fuse.sshfs",
          "glusterfs",
          "fuse.glusterfs",
          "lustre",
          "gpfs",
          "ocfs2",
          "gfs2",
          "beegfs",
          "virtiofs",
          "fuse.s3fs",
          "fuse.rclone",
          "davfs",
          "fuse.davfs",
          "ncpfs",
          "webdav");

  private final FileOptions options;
  private final Access access;
  private final Disk disk;
  private final Layout layout;
  private boolean network;

  Home(FileOptions options, Disk disk) {
    this.options = options;
    this.access = disk.access();
    this.disk = disk;
    this.layout = new Layout(options.root().resolve(options.namespace()));
  }

  Layout layout() {
    return layout;
  }

  boolean isNetwork() {
    return network;
  }

  /** What an OK survives. */
  Durability durability() {
    return options.fsync() == Fsync.ALWAYS && !network ? Durability.HOST : Durability.PROCESS;
  }

  /** Creates what is missing and checks what is there. */
  void prepare() throws IOException {
    Path root = options.root();
    access.checkRoot();
    createAll(root.toAbsolutePath());
    access.check(root, false);
    checkPlace(root);
    boolean fresh = disk.createFolder(layout.folder());
    if (fresh) {
      checkRootIsOwn();
    }
    access.check(layout.folder(), true);
    for (Path folder : layout.folders()) {
      fresh |= disk.createFolder(folder);
    }
    if (fresh) {
      disk.syncFolder(layout.folder());
      disk.syncFolder(root);
    }
  }

  private void createAll(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent != null && !Files.exists(folder)) {
      createAll(parent);
      disk.createFolder(folder);
      disk.syncFolder(parent);
    }
  }

  /** Leaves nothing of ours in a folder of somebody else, who could not open it then. */
  private void checkRootIsOwn() throws IOException {
    try {
      checkMadeBy(layout.folder());
    } catch (StorageException e) {
      disk.deleteQuietly(layout.folder());
      throw e;
    }
  }

  /** Compares with a file that this process made. */
  void checkMadeBy(Path own) throws IOException {
    access.checkSame(options.root(), own);
    access.checkSame(layout.folder(), own);
  }

  private void checkPlace(Path root) throws IOException {
    String type = Files.getFileStore(root).type().toLowerCase(Locale.ROOT);
    network = NETWORK.contains(type);
    if (network && !options.allowNetworkFs()) {
      throw new StorageException(
          Kind.INTERNAL,
          root
              + " is on a network file system ("
              + type
              + "), where locks and syncs can not be relied on. Expected a local disk;"
              + " allowNetworkFs=true takes it all the same, without a promise.");
    }
  }

  /** The first folder of the log; the first process decides, and with it on the format. */
  String start(Drafts drafts, long mark) throws IOException {
    try {
      return read();
    } catch (NoSuchFileException e) {
      if (!isUsed()) {
        found(drafts, mark);
      }
    }
    try {
      return read();
    } catch (NoSuchFileException e) {
      throw new CorruptException(layout.format() + " is gone, and there are commits");
    }
  }

  private void found(Drafts drafts, long mark) throws IOException {
    String folder = Names.folder(1, mark);
    disk.createFolder(layout.log().resolve(folder));
    disk.syncFolder(layout.log());
    Path draft = drafts.write(Frame.file(Frame.Kind.FORMAT, folder.getBytes(US_ASCII)));
    try {
      disk.link(layout.format(), draft);
    } catch (FileAlreadyExistsException other) {
      disk.deleteQuietly(layout.log().resolve(folder));
    } catch (UnsupportedOperationException unable) {
      throw new IOException("the file system has no hard links, which claims are made of", unable);
    } finally {
      drafts.discard(draft);
    }
    disk.syncFolder(layout.folder());
  }

  /** Whether there are commits or states already. */
  private boolean isUsed() throws IOException {
    boolean used = !disk.list(layout.checkpoints()).isEmpty();
    for (String folder : disk.list(layout.log())) {
      used |= !disk.list(layout.log().resolve(folder)).isEmpty();
    }
    return used;
  }

  private String read() throws IOException {
    byte[] file = disk.read(layout.format());
    if (Frame.check(file).kind() != Frame.Kind.FORMAT) {
      throw new CorruptException(layout.format() + " names no format");
    }
    return new String(file, Frame.BYTES, file.length - Frame.BYTES, US_ASCII);
  }
}
