package dev.noria.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One locked file for each open storage: the operating system gives the lock back when the process
 * dies, however it does, so that others see it at once. The name says which process it is, since a
 * process that opened and closed its own lock file again would lose the lock.
 */
final class Owners {
  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGITS = 16;
  private static final int MOST_TRIES = 100;

  /** Starts the names of files that are not locked yet, which nobody takes for dead processes. */
  private static final String UNBORN = ".";

  private static final Predicate<String> NAME =
      Pattern.compile("[0-9a-f]{16}(-[0-9a-z]+){2}").asMatchPredicate();

  private final Path folder;
  private final Disk disk;
  private final long instance;
  private final String process;
  private @Nullable FileChannel channel;

  /** Somebody whose process is gone. */
  record Dead(String name, long instance) {}

  Owners(Path folder, Disk disk, long instance, String process) {
    this.folder = folder;
    this.disk = disk;
    this.instance = instance;
    this.process = process;
  }

  /** A word that tells this process from any other of this host, also from one of its number. */
  static String thisProcess() {
    ProcessHandle self = ProcessHandle.current();
    long started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return self.pid() + "-" + started;
  }

  /** The name of this storage. */
  String name() {
    return HEX.toHexDigits(instance) + "-" + process;
  }

  long instance() {
    return instance;
  }

  /** Locks a file before it gets its name: one that is free would count as that of the dead. */
  void open() throws IOException {
    for (int tries = 1; !bear(); tries++) {
      if (tries == MOST_TRIES) {
        throw new IOException("the new lock file " + file() + " is taken again and again");
      }
    }
  }

  /** Says whether the file is there; others may try its lock, or delete it before it is locked. */
  private boolean bear() throws IOException {
    Path unborn = folder.resolve(UNBORN + name());
    FileChannel opened;
    try {
      opened = disk.create(unborn);
    } catch (NoSuchFileException e) {
      // Deleted by somebody who found it free.
      return false;
    }
    boolean born = false;
    try {
      if (opened.tryLock() != null) {
        disk.move(unborn, file());
        channel = opened;
        born = true;
      }
    } catch (NoSuchFileException e) {
      // The same, later.
    } finally {
      if (!born) {
        disk.deleteQuietly(unborn);
        opened.close();
      }
    }
    return born;
  }

  Path file() {
    return folder.resolve(name());
  }

  /** Those whose lock is free: their processes ended without closing. */
  List<Dead> dead() throws IOException {
    List<Dead> dead = new ArrayList<>();
    for (String name : disk.list(folder)) {
      if (NAME.test(name) && !isAlive(name)) {
        dead.add(new Dead(name, HexFormat.fromHexDigitsToLong(name.substring(0, DIGITS))));
      } else if (isUnborn(name) && !isAlive(name)) {
        disk.deleteQuietly(folder.resolve(name));
      }
    }
    return dead;
  }

  private static boolean isUnborn(String name) {
    return name.startsWith(UNBORN) && NAME.test(name.substring(UNBORN.length()));
  }

  /** Whether the storage of that name is open, as far as can be told. */
  boolean isAlive(String name) {
    if (name.endsWith("-" + process)) {
      return isThere(name);
    }
    try (FileChannel other = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE);
        FileLock lock = other.tryLock()) {
      return lock == null;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | RuntimeException e) {
      // Cannot be tried: its leases expire by themselves.
      return true;
    }
  }

  private boolean isThere(String name) {
    try {
      return disk.exists(folder.resolve(name));
    } catch (IOException e) {
      return true;
    }
  }

  /** Removes the file of somebody who is gone, after everybody was told. */
  void forget(Dead owner) {
    disk.deleteQuietly(folder.resolve(owner.name()));
  }

  void close() {
    FileChannel held = channel;
    channel = null;
    if (held != null) {
      // While it is still locked: a file that is free would count as that of a dead process.
      disk.deleteQuietly(file());
      try {
        held.close();
      } catch (IOException e) {
        // Nothing was written to it.
      }
    }
  }
}
