package dev.noria.storage.file;

import dev.noria.job.JobId;
import dev.noria.storage.Administration;
import dev.noria.storage.Capability;
import dev.noria.storage.Events;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Notes;
import dev.noria.storage.Registers;
import dev.noria.storage.Signals;
import dev.noria.storage.Transfer;
import dev.noria.tck.JobStorageTck;
import dev.noria.tck.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A folder of files keeps the contract. */
class FileStorageTckTest extends JobStorageTck {
  @TempDir Path folder;

  FileOptions options() {
    return FileOptions.defaults();
  }

  @Override
  protected JobStorage open(Place place) {
    return FileStorage.open(options().withRoot(root(place)).withNamespace(place.namespace()));
  }

  private Path root(Place place) {
    return folder.resolve(place.name());
  }

  @Override
  protected boolean makeNewer(Place place) {
    try {
      Path format = new Layout(root(place).resolve(place.namespace())).format();
      byte[] file = Files.readAllBytes(format);
      ByteBuffer frame = ByteBuffer.wrap(file);
      frame.putShort(8, (short) (Frame.VERSION + 1));
      frame.putInt(28, Frame.crc(ByteBuffer.wrap(file, 0, 28)));
      Files.write(format, file);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Flips the bits of its payload, which stands where its id is, some bytes later. */
  @Override
  protected boolean damage(Place place, JobId id) {
    byte[] wanted = ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
    Layout layout = new Layout(root(place).resolve(place.namespace()));
    boolean done = false;
    for (Path file : commits(layout)) {
      done |= damage(file, wanted);
    }
    return done;
  }

  private static List<Path> commits(Layout layout) {
    try (Stream<Path> all = Files.walk(layout.folder())) {
      return all.filter(Files::isRegularFile)
          .filter(path -> path.startsWith(layout.log()) || path.startsWith(layout.content()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean damage(Path file, byte[] id) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      for (int at = Frame.BYTES; at + id.length < bytes.length; at++) {
        if (ByteBuffer.wrap(bytes, at, id.length).equals(ByteBuffer.wrap(id))) {
          // The last byte of the next checksum: whatever follows it is not what was written.
          flipContent(bytes, at + id.length);
          Files.write(file, bytes);
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void flipContent(byte[] bytes, int from) {
    for (int at = from + Integer.BYTES; at < bytes.length; at++) {
      for (int length = 1; length < 64 && at + length <= bytes.length; length++) {
        int crc = Frame.crc(ByteBuffer.wrap(bytes, at, length));
        if (ByteBuffer.wrap(bytes).getInt(at - Integer.BYTES) == crc) {
          bytes[at] ^= 0x55;
          return;
        }
      }
    }
    throw new AssertionError("No content follows the id.");
  }

  @Override
  protected Set<Class<? extends Capability>> capabilities() {
    return Set.of(
        Inspection.class,
        Administration.class,
        Registers.class,
        Notes.class,
        Signals.class,
        Events.class,
        Transfer.class);
  }
}
