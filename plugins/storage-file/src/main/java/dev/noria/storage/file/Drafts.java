package dev.noria.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Files that are being written, in a folder that all processes share. Thread-safe. */
final class Drafts {
  private final Path folder;
  private final Disk disk;
  private final String owner;
  private final AtomicLong count;

  /** Drafts of {@code owner}, whose name starts those of its files. */
  Drafts(Path folder, Disk disk, String owner) {
    this(folder, disk, owner, new AtomicLong());
  }

  private Drafts(Path folder, Disk disk, String owner, AtomicLong count) {
    this.folder = folder;
    this.disk = disk;
    this.owner = owner;
    this.count = count;
  }

  /** The same, written by another disk. */
  Drafts by(Disk other) {
    return new Drafts(folder, other, owner, count);
  }

  Path next() {
    return folder.resolve(owner + "." + count.incrementAndGet());
  }

  /** A complete, synced file without a name that lasts. */
  Path write(byte[] bytes) throws IOException {
    Path file = next();
    disk.write(file, ByteBuffer.wrap(bytes));
    return file;
  }

  /** An empty file to be filled. */
  FileChannel open(Path file) throws IOException {
    return disk.create(file);
  }

  void discard(Path file) {
    disk.deleteQuietly(file);
  }

  /** Deletes what owners left behind that are not alive any more. */
  void sweep(Predicate<String> alive) throws IOException {
    for (String name : disk.list(folder)) {
      int dot = name.indexOf('.');
      if (!alive.test(dot < 0 ? name : name.substring(0, dot))) {
        disk.deleteQuietly(folder.resolve(name));
      }
    }
  }
}
