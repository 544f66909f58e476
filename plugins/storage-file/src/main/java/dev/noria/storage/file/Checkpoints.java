package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.noria.storage.file.CommitLog.Place;
import dev.noria.storage.file.Frame.Kind;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * States as files, named after the last commit that each one counts. The last two are kept, so that
 * a damaged one leaves a way back.
 */
final class Checkpoints {
  private static final int BUFFER = 1 << 16;

  private final Layout layout;
  private final Disk disk;
  private final Drafts drafts;

  Checkpoints(Layout layout, Disk disk, Drafts drafts) {
    this.layout = layout;
    this.disk = disk;
    this.drafts = drafts;
  }

  /** Something that writes its state. */
  interface Source {
    void write(OutputStream out) throws IOException;
  }

  /** Something that takes its state over. */
  interface Target {
    void read(InputStream in) throws IOException;
  }

  /** A complete file that has no name yet; {@code bytes} is its length. */
  record Draft(Path file, Place place, long bytes) {}

  /** Writes a state that counts everything before {@code place.next()}. */
  Draft write(Place place, Source source) throws IOException {
    Path file = drafts.next();
    try (FileChannel channel = drafts.open(file)) {
      channel.position(Frame.BYTES);
      Filling out = new Filling(channel);
      byte[] folder = place.folder().getBytes(US_ASCII);
      out.write(folder.length);
      out.write(folder);
      source.write(out);
      out.flush();
      ByteBuffer frame = new Frame(Kind.CHECKPOINT, out.length, (int) out.crc.getValue()).encode();
      channel.position(0);
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
      return new Draft(file, place, Frame.BYTES + out.length);
    } catch (IOException | RuntimeException e) {
      drafts.discard(file);
      throw e;
    }
  }

  /** Makes a draft a checkpoint for good. */
  void publish(Draft draft) throws IOException {
    try {
      try (FileChannel channel = FileChannel.open(draft.file(), StandardOpenOption.WRITE)) {
        disk.force(channel);
      }
      disk.link(path(draft.place().next() - 1), draft.file());
    } catch (FileAlreadyExistsException e) {
      // Somebody else had the same idea, and the same state.
    } finally {
      drafts.discard(draft.file());
    }
    disk.syncFolder(layout.checkpoints());
  }

  Path path(long sequence) {
    return layout.checkpoints().resolve(Names.of(sequence));
  }

  /** The commits behind which there are checkpoints, newest first. */
  List<Long> all() throws IOException {
    List<Long> sequences = new ArrayList<>();
    for (String name : disk.list(layout.checkpoints())) {
      OptionalLong sequence = Names.sequence(name);
      if (sequence.isPresent()) {
        sequences.add(sequence.getAsLong());
      }
    }
    sequences.sort(Collections.reverseOrder());
    return sequences;
  }

  /** The length of a checkpoint; zero when it is gone. */
  long bytes(long sequence) {
    try {
      return Files.size(path(sequence));
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Reads a checkpoint, and says where the log goes on.
   *
   * @throws CorruptException if it is damaged; then nothing was given to {@code target}
   */
  Place read(long sequence, Target target) throws IOException {
    Path file = path(sequence);
    verify(file);
    try (DataInputStream in = new DataInputStream(open(file))) {
      in.skipNBytes(Frame.BYTES);
      Place start = start(in);
      target.read(in);
      return new Place(start.folder(), start.first(), sequence + 1);
    }
  }

  /** Where the log goes on behind a checkpoint. */
  Place place(long sequence) throws IOException {
    try (DataInputStream in = new DataInputStream(open(path(sequence)))) {
      in.skipNBytes(Frame.BYTES);
      Place start = start(in);
      return new Place(start.folder(), start.first(), sequence + 1);
    }
  }

  private static Place start(DataInputStream in) throws IOException {
    byte[] folder = new byte[in.readUnsignedByte()];
    in.readFully(folder);
    return Place.startOf(new String(folder, US_ASCII));
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER);
  }

  private static void verify(Path file) throws IOException {
    long length = Files.size(file);
    try (InputStream plain = Files.newInputStream(file)) {
      byte[] frameBytes = plain.readNBytes(Frame.BYTES);
      Frame frame = Frame.decode(ByteBuffer.wrap(frameBytes), length);
      CheckedInputStream in = new CheckedInputStream(plain, new CRC32C());
      byte[] buffer = new byte[BUFFER];
      while (in.read(buffer) > 0) {}
      if (frame.kind() != Kind.CHECKPOINT || (int) in.getChecksum().getValue() != frame.crc()) {
        throw new CorruptException("it is no whole checkpoint");
      }
    }
  }

  /** Drops a damaged checkpoint, which was put aside. */
  void remove(long sequence) {
    disk.deleteQuietly(path(sequence));
  }

  /** Drops all but the last two; the sequence of the older one is returned. */
  OptionalLong prune() throws IOException {
    List<Long> sequences = all();
    for (int i = 2; i < sequences.size(); i++) {
      disk.deleteQuietly(path(sequences.get(i)));
    }
    return sequences.size() < 2 ? OptionalLong.empty() : OptionalLong.of(sequences.get(1));
  }

  /** Collects small writes, counts and sums them. */
  private static final class Filling extends OutputStream {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final CRC32C crc = new CRC32C();
    private long length;

    Filling(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      crc.update(bytes, offset, count);
      length += count;
      int done = 0;
      while (done < count) {
        int part = Math.min(count - done, buffer.remaining());
        buffer.put(bytes, offset + done, part);
        done += part;
        if (!buffer.hasRemaining()) {
          flush();
        }
      }
    }

    @Override
    public void flush() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    }
  }
}
