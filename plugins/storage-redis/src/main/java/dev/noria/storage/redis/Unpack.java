package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads MessagePack, the form in which scripts answer; bytes that are none are a RuntimeException.
 * Values are read one after the other, as what they are expected to be. Not thread-safe.
 */
final class Unpack {
  private static final int NIL = 0xc0;
  private static final int FALSE = 0xc2;

  private final ByteBuffer in;

  Unpack(byte[] bytes) {
    in = ByteBuffer.wrap(bytes);
  }

  boolean isAtEnd() {
    return !in.hasRemaining();
  }

  private int octet() {
    return in.get() & 0xff;
  }

  /** Whether the next value is absent: false or nil. It is skipped if so. */
  boolean isNothing() {
    int next = in.get(in.position()) & 0xff;
    if (next == NIL || next == FALSE) {
      in.get();
      return true;
    }
    return false;
  }

  boolean truth() {
    return !isNothing() && octet() == 0xc3;
  }

  /** Whether the next value is true; it is skipped if so. */
  boolean isTrue() {
    if ((in.get(in.position()) & 0xff) == 0xc3) {
      in.get();
      return true;
    }
    return false;
  }

  /** How many values the list has that begins here. */
  int list() {
    int head = octet();
    if (head >= 0x90 && head < 0xa0) {
      return head & 0x0f;
    }
    return switch (head) {
      case 0xdc -> in.getShort() & 0xffff;
      case 0xdd -> in.getInt();
      default -> throw unexpected("a list", head);
    };
  }

  /** How many entries the map has that begins here. */
  int map() {
    int head = octet();
    if (head >= 0x80 && head < 0x90) {
      return head & 0x0f;
    }
    return switch (head) {
      case 0xde -> in.getShort() & 0xffff;
      case 0xdf -> in.getInt();
      default -> throw unexpected("a map", head);
    };
  }

  long number() {
    int head = octet();
    if (head < 0x80) {
      return head;
    } else if (head >= 0xe0) {
      return (byte) head;
    }
    return switch (head) {
      case 0xcc -> octet();
      case 0xcd -> in.getShort() & 0xffff;
      case 0xce -> in.getInt() & 0xffffffffL;
      case 0xcf, 0xd3 -> in.getLong();
      case 0xd0 -> in.get();
      case 0xd1 -> in.getShort();
      case 0xd2 -> in.getInt();
      case 0xca -> (long) in.getFloat();
      case 0xcb -> (long) in.getDouble();
      default -> throw unexpected("a number", head);
    };
  }

  /** A number of so many bytes, without a head. */
  long fixed(int octets) {
    long value = 0;
    for (int i = 0; i < octets; i++) {
      value = value << 8 | octet();
    }
    return value;
  }

  /** So many bytes, without a head. */
  Bytes bytes(int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return Bytes.owned(bytes);
  }

  int count() {
    return Math.toIntExact(number());
  }

  byte[] raw() {
    int head = octet();
    int length = head >= 0xa0 && head < 0xc0 ? head & 0x1f : length(head);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private int length(int head) {
    return switch (head) {
      case 0xc4, 0xd9 -> octet();
      case 0xc5, 0xda -> in.getShort() & 0xffff;
      case 0xc6, 0xdb -> in.getInt();
      default -> throw unexpected("text", head);
    };
  }

  Bytes bytes() {
    return Bytes.owned(raw());
  }

  @Nullable Bytes bytesOrNull() {
    return isNothing() ? null : bytes();
  }

  String text() {
    return new String(raw(), StandardCharsets.UTF_8);
  }

  @Nullable String textOrNull() {
    return isNothing() ? null : text();
  }

  JobId id() {
    return JobId.fromBytes(raw());
  }

  List<JobId> ids() {
    List<JobId> ids = new ArrayList<>();
    for (int left = list(); left > 0; left--) {
      ids.add(id());
    }
    return ids;
  }

  private static IllegalStateException unexpected(String what, int head) {
    return new IllegalStateException(
        "Expected " + what + ", found a value of kind 0x" + Integer.toHexString(head) + ".");
  }
}
