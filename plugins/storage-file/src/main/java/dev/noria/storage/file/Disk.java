package dev.noria.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The few things that are done with files; every one may fail. */
final class Disk {
  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final boolean sync;
  private final Access access;

  /** Syncs if {@code sync}; {@code access} says who may use what is created. */
  Disk(Access access, boolean sync) {
    this.sync = sync;
    this.access = access;
  }

  Access access() {
    return access;
  }

  /** Creates a file for writing that no stranger may read. */
  FileChannel create(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, CREATE, access.ofFiles());
    try {
      access.share(file, false);
      return channel;
    } catch (IOException | RuntimeException e) {
      deleteQuietly(file);
      channel.close();
      throw e;
    }
  }

  /** Creates and fills a file; afterwards its bytes, but not its name, survive a loss of power. */
  void write(Path file, ByteBuffer bytes) throws IOException {
    try (FileChannel channel = create(file)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      force(channel);
    } catch (IOException e) {
      // Never a second fsync on this file: the kernel may have dropped what it could not write.
      deleteQuietly(file);
      throw e;
    }
  }

  void force(FileChannel channel) throws IOException {
    if (sync) {
      channel.force(false);
    }
  }

  /** Makes the names in a folder survive a loss of power. */
  void syncFolder(Path folder) throws IOException {
    if (sync) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Gives a file one more name, unless that exists: the one way to claim something. */
  void link(Path name, Path existing) throws IOException {
    Files.createLink(name, existing);
  }

  /** Says whether the folder was made just now. */
  boolean createFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, access.ofFolders());
      access.share(folder, true);
      return true;
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      return false;
    }
  }

  void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Says no only of what is certainly not there: much ends when a file is gone. */
  boolean exists(Path path) throws IOException {
    try {
      BasicFileAttributes ignored =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** All bytes of a file; an interrupt does not hurt. */
  byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  /** The names in a folder, sorted; empty when there is no such folder. */
  List<String> list(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        names.add(path.getFileName().toString());
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  /** Deletes what nobody needs; if that fails it stays for a later sweep. */
  boolean deleteQuietly(Path path) {
    try {
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      return false;
    }
  }
}
