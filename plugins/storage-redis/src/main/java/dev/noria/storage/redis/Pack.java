package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes MessagePack, the form in which scripts take arguments. Not thread-safe. */
final class Pack {
  private static final int DEEPEST = 16;

  private byte[] bytes = new byte[256];
  private int size;
  private final int[] starts = new int[DEEPEST];
  private final int[] counts = new int[DEEPEST];
  private int depth;

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  private Pack octet(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** A map whose entries are counted until {@link #close}. */
  Pack open() {
    starts[depth] = size;
    counts[depth++] = 0;
    return octet(0xde).fixed(0, 2);
  }

  /** The name of the next entry of the open map; its value has to follow. */
  Pack key(String name) {
    counts[depth - 1]++;
    return text(name);
  }

  Pack close() {
    depth--;
    ByteBuffer.wrap(bytes).putShort(starts[depth] + 1, (short) counts[depth]);
    return this;
  }

  /** The head of a list of so many values. */
  Pack list(int count) {
    return count < 16 ? octet(0x90 | count) : octet(0xdd).fixed(count, 4);
  }

  Pack truth(boolean value) {
    return octet(value ? 0xc3 : 0xc2);
  }

  /** False, which stands for what is absent in a list. */
  Pack nothing() {
    return truth(false);
  }

  Pack number(long value) {
    if (value >= 0 && value < 128) {
      return octet((int) value);
    }
    octet(0xd3);
    return octets(value);
  }

  /** The lowest bytes of a number, without a head. */
  Pack fixed(long value, int octets) {
    room(octets);
    for (int i = octets - 1; i >= 0; i--) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
    return this;
  }

  /** Eight bytes of a number, without a head. */
  private Pack octets(long value) {
    room(8);
    ByteBuffer.wrap(bytes).putLong(size, value);
    size += 8;
    return this;
  }

  /** All 64 bits as eight bytes of text: Lua's numbers have only 53. */
  Pack bits(long value) {
    return head(8).octets(value);
  }

  Pack id(JobId id) {
    return head(16).octets(id.high()).octets(id.low());
  }

  Pack text(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  Pack textOrNothing(@Nullable String text) {
    return text == null ? nothing() : text(text);
  }

  private Pack head(int length) {
    if (length < 32) {
      return octet(0xa0 | length);
    }
    return length < 0x10000 ? octet(0xda).fixed(length, 2) : octet(0xdb).fixed(length, 4);
  }

  Pack raw(byte[] more) {
    return head(more.length).tail(more);
  }

  Pack raw(Bytes more) {
    int length = more.size();
    head(length).room(length);
    more.toByteBuffer().get(bytes, size, length);
    size += length;
    return this;
  }

  /** Bytes without a head. */
  Pack tail(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  /** Begins bytes that are written piece by piece, until {@link #endRaw}. */
  Pack beginRaw() {
    starts[depth] = size;
    counts[depth++] = 0;
    return octet(0xda).fixed(0, 2);
  }

  /** At most 65535 bytes have been written. */
  Pack endRaw() {
    depth--;
    ByteBuffer.wrap(bytes).putShort(starts[depth] + 1, (short) (size - starts[depth] - 3));
    return this;
  }

  Pack rawOrNothing(@Nullable Bytes more) {
    return more == null ? nothing() : raw(more);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
