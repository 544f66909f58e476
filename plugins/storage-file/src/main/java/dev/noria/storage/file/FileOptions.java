package dev.noria.storage.file;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a file storage is opened. Immutable.
 *
 * @param root the folder, created when absent; only its owner may write to it, see {@link
 *     Permissions}
 * @param fsync whether a commit waits for the disk; default ALWAYS
 * @param namespace the closed world inside the folder: {@code [a-z0-9_]{1,40}}; default {@code
 *     noria}
 * @param permissions who may use the folder; default OWNER
 * @param allowNetworkFs whether a network file system is accepted, by polling and without a promise
 *     against loss of power; default false
 * @param poll how often to look for commits of other processes where the file system does not
 *     report them; default 50 ms, 1 ms to 1 min
 * @param sizes how the log is cut, and what is kept of it in the heap
 */
public record FileOptions(
    Path root,
    Fsync fsync,
    String namespace,
    Permissions permissions,
    boolean allowNetworkFs,
    Duration poll,
    Sizes sizes) {
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9_]{1,40}");
  private static final long MIB = 1 << 20;
  private static final FileOptions DEFAULTS =
      new FileOptions(
          Path.of("jobs"),
          Fsync.ALWAYS,
          "noria",
          Permissions.OWNER,
          false,
          Duration.ofMillis(50),
          new Sizes(1_024, 16 * MIB, 32 * MIB));

  /** Whether a commit waits for the disk. */
  public enum Fsync {
    /** Each commit is on the disk before the call returns: survives loss of power. */
    ALWAYS,
    /** Survives every death of processes, not loss of power. */
    NEVER
  }

  /** Who may use the folder. All processes on one folder say the same, else it is refused. */
  public enum Permissions {
    /** The user who created it: folders 0700, files 0600. */
    OWNER,
    /**
     * Each user of the group of the root, which exists already: folders 0770, files 0660, of that
     * group whatever the umask says.
     */
    GROUP
  }

  /**
   * Sizes that trade one thing for another. Immutable.
   *
   * @param folderCommits commits in one folder of the log; default 1024, 2 to 65536
   * @param checkpointBytes least log between two checkpoints; default 16 MiB, 4 KiB to 1 GiB
   * @param cacheBytes most content kept in the heap; default 32 MiB
   */
  public record Sizes(int folderCommits, long checkpointBytes, long cacheBytes) {
    /** Checks ranges. */
    public Sizes {
      checkRange("folderCommits", folderCommits, 2, 65_536);
      checkRange("checkpointBytes", checkpointBytes, 4_096, 1 << 30);
      checkRange("cacheBytes", cacheBytes, 0, Long.MAX_VALUE);
    }
  }

  /** Checks ranges and forms. */
  public FileOptions {
    requireNonNull(root, "root");
    requireNonNull(fsync, "fsync");
    requireNonNull(permissions, "permissions");
    requireNonNull(poll, "poll");
    requireNonNull(sizes, "sizes");
    if (root.toString().isEmpty()) {
      throw new IllegalArgumentException(
          "The folder of the file storage is empty. Give one, such as file:/var/lib/app/jobs.");
    }
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          "The namespace '" + namespace + "' is not legal. Expected [a-z0-9_]{1,40}.");
    }
    checkRange("poll (ms)", poll.toMillis(), 1, 60_000);
  }

  private static void checkRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " " + value + " is out of range. Expected " + least + " to " + most + ".");
    }
  }

  /** Jobs in the folder {@code jobs} below the current one, everything else at its default. */
  public static FileOptions defaults() {
    return DEFAULTS;
  }

  /** The same in another folder. */
  public FileOptions withRoot(Path value) {
    return new FileOptions(value, fsync, namespace, permissions, allowNetworkFs, poll, sizes);
  }

  /** The same with another way to commit. */
  public FileOptions withFsync(Fsync value) {
    return new FileOptions(root, value, namespace, permissions, allowNetworkFs, poll, sizes);
  }

  /** The same in another namespace. */
  public FileOptions withNamespace(String value) {
    return new FileOptions(root, fsync, value, permissions, allowNetworkFs, poll, sizes);
  }

  /** The same for other users. */
  public FileOptions withPermissions(Permissions value) {
    return new FileOptions(root, fsync, namespace, value, allowNetworkFs, poll, sizes);
  }

  /** The same with network file systems accepted or refused. */
  public FileOptions withAllowNetworkFs(boolean value) {
    return new FileOptions(root, fsync, namespace, permissions, value, poll, sizes);
  }

  /** The same with another interval between looks. */
  public FileOptions withPoll(Duration value) {
    return new FileOptions(root, fsync, namespace, permissions, allowNetworkFs, value, sizes);
  }

  /** The same with other sizes. */
  public FileOptions withSizes(Sizes value) {
    return new FileOptions(root, fsync, namespace, permissions, allowNetworkFs, poll, value);
  }

  /** The same with other folders of the log. */
  public FileOptions withFolderCommits(int value) {
    return withSizes(new Sizes(value, sizes.checkpointBytes, sizes.cacheBytes));
  }

  /** The same with checkpoints more or less often. */
  public FileOptions withCheckpointBytes(long value) {
    return withSizes(new Sizes(sizes.folderCommits, value, sizes.cacheBytes));
  }

  /** The same with more or less content in the heap. */
  public FileOptions withCacheBytes(long value) {
    return withSizes(new Sizes(sizes.folderCommits, sizes.checkpointBytes, value));
  }
}
