package dev.noria.storage.postgres;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes small values one after the other. Not thread-safe. */
final class Pack {
  private byte[] bytes;
  private int size;

  Pack(int capacity) {
    bytes = new byte[capacity];
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  int size() {
    return size;
  }

  Pack octet(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** A number in as few bytes as it needs; negative ones need ten. */
  Pack number(long value) {
    room(10);
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
    return this;
  }

  Pack word(int value) {
    room(4);
    ByteBuffer.wrap(bytes).putInt(size, value);
    size += 4;
    return this;
  }

  void wordAt(int position, int value) {
    ByteBuffer.wrap(bytes).putInt(position, value);
  }

  Pack id(JobId id) {
    room(16);
    ByteBuffer.wrap(bytes).putLong(size, id.high()).putLong(size + 8, id.low());
    size += 16;
    return this;
  }

  Pack text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return number(encoded.length).raw(encoded);
  }

  Pack raw(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  Pack raw(Bytes more) {
    int length = more.size();
    room(length);
    more.toByteBuffer().get(bytes, size, length);
    size += length;
    return this;
  }

  Pack bytes(Bytes more) {
    return number(more.size()).raw(more);
  }

  /** The array behind, longer than {@link #size()}. */
  byte[] array() {
    return bytes;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
