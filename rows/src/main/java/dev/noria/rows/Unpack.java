package dev.noria.rows;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link Pack} wrote; bytes that it can not have written are a RuntimeException. */
public final class Unpack {
  private final byte[] bytes;
  private int at;

  public Unpack(byte[] bytes) {
    this.bytes = bytes;
  }

  public int octet() {
    return bytes[at++] & 0xff;
  }

  public long number() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  public int count() {
    return Math.toIntExact(number());
  }

  public int word() {
    at += 4;
    return ByteBuffer.wrap(bytes).getInt(at - 4);
  }

  public int position() {
    return at;
  }

  public JobId id() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    at += 16;
    return new JobId(buffer.getLong(at - 16), buffer.getLong(at - 8));
  }

  public String text() {
    int length = count();
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  /** The text up to the next NUL, which is skipped. */
  public String textToNul() {
    int start = at;
    while (bytes[at] != 0) {
      at++;
    }
    return new String(bytes, start, at++ - start, StandardCharsets.UTF_8);
  }

  public Bytes bytes() {
    int length = count();
    at += length;
    return Bytes.owned(Arrays.copyOfRange(bytes, at - length, at));
  }

  public Bytes rest() {
    int start = at;
    at = bytes.length;
    return Bytes.owned(Arrays.copyOfRange(bytes, start, at));
  }
}
