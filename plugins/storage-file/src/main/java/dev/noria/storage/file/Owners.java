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
import org.jspecify.annotations.Nullable;

/**
 * One locked file for each open storage: the operating system gives the lock back when the process
 * dies, however it does, so that others see it at once. The name says which process it is, since a
 * process that opened and closed its own lock file again would lose the lock.
 */
final class Owners {
  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGITS = 16;

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

  void open() throws IOException {
    FileChannel opened = disk.create(file());
    channel = opened;
    if (opened.tryLock() == null) {
      throw new IOException("the new lock file " + file() + " is locked already");
    }
  }

  Path file() {
    return folder.resolve(name());
  }

  /** Those whose lock is free: their processes ended without closing. */
  List<Dead> dead() throws IOException {
    List<Dead> dead = new ArrayList<>();
    for (String name : disk.list(folder)) {
      if (name.length() > DIGITS && !isAlive(name)) {
        dead.add(new Dead(name, HexFormat.fromHexDigitsToLong(name.substring(0, DIGITS))));
      }
    }
    return dead;
  }

  /** Whether the storage of that name is open, as far as can be told. */
  boolean isAlive(String name) {
    if (name.endsWith("-" + process)) {
      return disk.exists(folder.resolve(name));
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
