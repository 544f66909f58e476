package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads what {@link Out} wrote, from an array or from a stream. */
final class In {
  private static final int BUFFER = 65_536;

  private byte[] bytes;
  private int position;
  private int end;
  private final long sequence;
  private final @Nullable InputStream stream;
  private final List<String> names = new ArrayList<>();

  In(byte[] bytes) {
    this(bytes, 0, bytes.length, Content.HEAP);
  }

  /** A command in a file of the log. */
  In(byte[] file, int offset, int length, long sequence) {
    bytes = file;
    position = offset;
    end = offset + length;
    this.sequence = sequence;
    stream = null;
  }

  In(InputStream stream) {
    bytes = new byte[BUFFER];
    sequence = Content.HEAP;
    this.stream = stream;
  }

  /** The commit that is read. */
  long sequence() {
    return sequence;
  }

  /** Where it reads next, counted from the start of the file. */
  int position() {
    return position;
  }

  private void need(int count) {
    if (count < 0 || (count > end - position && !fill(count))) {
      throw new StorageException(
          StorageException.Kind.CORRUPT, "A stored command or snapshot ends too early.");
    }
  }

  private boolean fill(int count) {
    if (stream == null) {
      return false;
    }
    int left = end - position;
    byte[] target = count > bytes.length ? new byte[count] : bytes;
    System.arraycopy(bytes, position, target, 0, left);
    bytes = target;
    position = 0;
    try {
      end = left + stream.readNBytes(bytes, left, bytes.length - left);
    } catch (IOException e) {
      throw new StorageException(StorageException.Kind.UNAVAILABLE, "A read failed: " + e, e);
    }
    return end >= count;
  }

  /** Whether everything has been read. */
  boolean isAtEnd() {
    return position == end && !fill(1);
  }

  void skip(int count) {
    need(count);
    position += count;
  }

  int bits() {
    need(1);
    return bytes[position++] & 0xff;
  }

  boolean flag() {
    return bits() != 0;
  }

  long number() {
    long value = 0;
    int shift = 0;
    int next;
    do {
      next = bits();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next >= 0x80 && shift < 70);
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number that counts something: neither negative nor huge. */
  int size() {
    long value = number();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new StorageException(
          StorageException.Kind.CORRUPT, "A stored size is " + value + ", which can not be.");
    }
    return (int) value;
  }

  int integer() {
    return (int) number();
  }

  long fixed() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | (bytes[position++] & 0xff);
    }
    return value;
  }

  JobId id() {
    long high = fixed();
    return new JobId(high, fixed());
  }

  Bytes bytes() {
    int length = size();
    need(length);
    byte[] copy = new byte[length];
    System.arraycopy(bytes, position, copy, 0, length);
    position += length;
    return Bytes.owned(copy);
  }

  /** The place of bytes that are not read now. */
  Content content() {
    int length = size();
    skip(Out.CHECKSUM_BYTES);
    Content content = Content.at(sequence, position, length);
    skip(length);
    return content;
  }

  String text() {
    int length = size();
    need(length);
    String text = new String(bytes, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  String name() {
    int known = size();
    if (known > names.size()) {
      throw new StorageException(
          StorageException.Kind.CORRUPT, "A stored name is number " + known + " of fewer.");
    }
    if (known > 0) {
      return names.get(known - 1);
    }
    String name = text();
    names.add(name);
    return name;
  }

  <T> @Nullable T optional(Supplier<T> reader) {
    return flag() ? reader.get() : null;
  }

  <T> List<T> list(Supplier<T> reader) {
    int count = size();
    List<T> list = new ArrayList<>(Math.min(count, 10_000));
    for (int i = 0; i < count; i++) {
      list.add(reader.get());
    }
    return list;
  }

  Instant instant() {
    return Instant.ofEpochMilli(number());
  }

  /** An instant that may be finer than a millisecond. */
  Instant precise() {
    long seconds = number();
    return Instant.ofEpochSecond(seconds, number());
  }

  Duration duration() {
    long seconds = number();
    return Duration.ofSeconds(seconds, number());
  }

  <T> T choice(List<T> all) {
    int code = bits();
    if (code >= all.size()) {
      throw new StorageException(
          StorageException.Kind.CORRUPT,
          "A stored choice is number " + code + " of " + all.size() + ".");
    }
    return all.get(code);
  }
}
