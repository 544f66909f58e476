package dev.noria.rows;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes small values one after the other. Not thread-safe. */
public final class Pack {
  private byte[] bytes;
  private int size;

  public Pack(int capacity) {
    bytes = new byte[capacity];
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  public int size() {
    return size;
  }

  public Pack octet(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** A number in as few bytes as it needs; negative ones need ten. */
  public Pack number(long value) {
    room(10);
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
    return this;
  }

  public Pack word(int value) {
    room(4);
    ByteBuffer.wrap(bytes).putInt(size, value);
    size += 4;
    return this;
  }

  public void wordAt(int position, int value) {
    ByteBuffer.wrap(bytes).putInt(position, value);
  }

  public Pack id(JobId id) {
    room(16);
    ByteBuffer.wrap(bytes).putLong(size, id.high()).putLong(size + 8, id.low());
    size += 16;
    return this;
  }

  public Pack text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return number(encoded.length).raw(encoded);
  }

  public Pack raw(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  public Pack raw(Bytes more) {
    int length = more.size();
    room(length);
    more.toByteBuffer().get(bytes, size, length);
    size += length;
    return this;
  }

  public Pack bytes(Bytes more) {
    return number(more.size()).raw(more);
  }

  /** The array behind, longer than {@link #size()}. */
  public byte[] array() {
    return bytes;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
