package dev.noria.storage.file;

import dev.noria.engine.Contents;
import dev.noria.job.Bytes;
import dev.noria.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads content where the commits left it: in a folder of the log, or where that folder went when
 * it was retired. Recent and recently read commits are kept, up to a number of bytes. Thread-safe;
 * reads with streams that an interrupt does not close.
 */
final class ContentFiles implements Contents {
  /** Larger files are not read as a whole. */
  private static final long WHOLE = 1 << 20;

  private static final int MOST_FOLDERS = 64;
  private static final int MOST_TRIES = 10;
  private static final int MOST_FAILING = 1_000;

  /** A disk that is out of reach for a moment fails too: callers come back this often before. */
  static final int FAILURES = 8;

  private final Layout layout;
  private final Disk disk;
  private final Aside aside;
  private final Recent recent;

  /** Larger ones would take the place of too many others. */
  private final long mostRemembered;

  private final TreeMap<Long, List<String>> folders = new TreeMap<>();

  /** How often in a row a commit could not be read, of the last few that could not. */
  private final Map<Long, Integer> failures =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
          return size() > MOST_FAILING;
        }
      };

  ContentFiles(Layout layout, Disk disk, Aside aside, long cacheBytes) {
    this.layout = layout;
    this.disk = disk;
    this.aside = aside;
    this.recent = new Recent(cacheBytes);
    this.mostRemembered = Math.max(WHOLE, cacheBytes / 4);
  }

  /** A commit that is likely to be read soon. */
  void remember(long sequence, byte[] file) {
    if (file.length <= mostRemembered) {
      recent.put(sequence, file);
    }
  }

  void forget() {
    recent.clear();
  }

  @Override
  public @Nullable Bytes read(long sequence, int offset, int length) {
    byte[] file = recent.get(sequence);
    if (file != null) {
      return cut(file, offset, length);
    }
    try {
      for (int tries = 1; ; tries++) {
        try {
          Bytes content = readNow(sequence, offset, length);
          succeeded(sequence);
          return content;
        } catch (NoSuchFileException e) {
          // Somebody retired the folder after the file was found.
          if (tries == MOST_TRIES) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      if (Trouble.isBadSector(e) && failed(sequence) > FAILURES) {
        return null;
      }
      throw new StorageException(
          StorageException.Kind.UNAVAILABLE,
          true,
          "The content of commit " + sequence + " can not be read now: " + e,
          e);
    }
  }

  private synchronized void succeeded(long sequence) {
    failures.remove(sequence);
  }

  private synchronized int failed(long sequence) {
    return failures.merge(sequence, 1, Integer::sum);
  }

  private @Nullable Bytes readNow(long sequence, int offset, int length) throws IOException {
    Path path = find(sequence);
    Bytes content = path == null ? null : read(sequence, path, offset, length);
    if (content == null && path != null) {
      boolean ignored = aside.keep(path, "content", "its content at " + offset + " is damaged");
    }
    return content;
  }

  private @Nullable Bytes read(long sequence, Path path, int offset, int length)
      throws IOException {
    if (Files.size(path) <= WHOLE) {
      byte[] file = disk.read(path);
      if (isWhole(file)) {
        recent.put(sequence, file);
      }
      return cut(file, offset, length);
    }
    int start = offset - Integer.BYTES;
    try (InputStream in = Files.newInputStream(path)) {
      in.skipNBytes(start);
      byte[] part = in.readNBytes(Integer.BYTES + length);
      return cut(part, Integer.BYTES, length);
    }
  }

  private static boolean isWhole(byte[] file) throws NewerException {
    try {
      Frame ignored = Frame.check(file);
      return true;
    } catch (CorruptException e) {
      return false;
    }
  }

  /** Each content has its checksum in front, so that a damaged one does not take others along. */
  private static @Nullable Bytes cut(byte[] file, int offset, int length) {
    if (offset < Integer.BYTES || offset + length > file.length) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int crc = bytes.getInt(offset - Integer.BYTES);
    if (Frame.crc(bytes.slice(offset, length)) != crc) {
      return null;
    }
    byte[] copy = new byte[length];
    bytes.get(offset, copy);
    return Bytes.owned(copy);
  }

  /** The file of a commit; null when it is gone. */
  @Nullable Path find(long sequence) throws IOException {
    Path path = look(sequence);
    if (path == null) {
      refresh();
      path = look(sequence);
    }
    return path;
  }

  private synchronized @Nullable Path look(long sequence) throws IOException {
    // Folders that lost a race are empty, and may stand nearer than the right one.
    int tries = 0;
    for (List<String> names : folders.headMap(sequence, true).descendingMap().values()) {
      for (String name : names) {
        for (Path parent : List.of(layout.log(), layout.content())) {
          Path path = parent.resolve(name).resolve(Names.of(sequence));
          if (disk.exists(path)) {
            return path;
          }
        }
      }
      if (++tries == MOST_FOLDERS) {
        break;
      }
    }
    return null;
  }

  private synchronized void refresh() throws IOException {
    folders.clear();
    for (Path parent : List.of(layout.log(), layout.content())) {
      for (String name : disk.list(parent)) {
        Names.sequence(name)
            .ifPresent(first -> folders.computeIfAbsent(first, any -> new ArrayList<>()).add(name));
      }
    }
  }
}
