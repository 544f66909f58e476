package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Writes values as bytes: numbers short, names only once. {@link In} reads them. */
final class Out {
  /** What stands in front of a content. */
  static final int CHECKSUM_BYTES = Integer.BYTES;

  private byte[] bytes = new byte[256];
  private int size;
  private final Map<String, Integer> names = new HashMap<>();

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Sends what was written so far away, if it is much. */
  void drain(OutputStream stream, int above) throws IOException {
    if (size > above) {
      stream.write(bytes, 0, size);
      size = 0;
    }
  }

  private void room(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }

  void bits(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void flag(boolean value) {
    bits(value ? 1 : 0);
  }

  /** A number of any size; small ones, also negative ones, take few bytes. */
  void number(long value) {
    room(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A number whose bits are all random. */
  void fixed(long value) {
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void id(JobId id) {
    fixed(id.high());
    fixed(id.low());
  }

  void raw(Bytes value) {
    int length = value.size();
    room(length);
    value.toByteBuffer().get(bytes, size, length);
    size += length;
  }

  void bytes(Bytes value) {
    number(value.size());
    raw(value);
  }

  /** Bytes of which a reader keeps the place only, with a checksum in front of them. */
  void content(Bytes value) {
    number(value.size());
    checksum(value, Bytes.EMPTY);
    raw(value);
  }

  /** The CRC-32C of what follows. */
  void checksum(Bytes first, Bytes second) {
    CRC32C crc = new CRC32C();
    crc.update(first.toByteBuffer());
    crc.update(second.toByteBuffer());
    int value = (int) crc.getValue();
    room(CHECKSUM_BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void text(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    number(encoded.length);
    room(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
  }

  /** A text that is likely to come again. */
  void name(String value) {
    Integer known = names.putIfAbsent(value, names.size() + 1);
    number(known == null ? 0 : known);
    if (known == null) {
      text(value);
    }
  }

  /** Something that may be absent. */
  <T> void optional(@Nullable T value, Consumer<T> writer) {
    flag(value != null);
    if (value != null) {
      writer.accept(value);
    }
  }

  <T> void list(Collection<T> all, Consumer<T> writer) {
    number(all.size());
    all.forEach(writer);
  }

  void instant(Instant value) {
    number(value.toEpochMilli());
  }

  /** An instant that may be finer than a millisecond. */
  void precise(Instant value) {
    number(value.getEpochSecond());
    number(value.getNano());
  }

  void duration(Duration value) {
    number(value.getSeconds());
    number(value.getNano());
  }

  /** One of few values, by its place in a list that only ever grows. */
  void choice(Object value, List<?> all) {
    bits(all.indexOf(value));
  }
}
