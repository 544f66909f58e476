package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stored values of a job by their letters; {@link JobForm} says what they mean. */
final class Fields {
  private static final int LETTERS = 128;
  private static final String NUMBERS = "prmTDhHKWOFMedvcGfEz";
  private static final String MARKS = "lwCSAXYZQ";
  private static final int LISTED = 8;

  private final long[] numbers = new long[LETTERS];
  private final boolean[] present = new boolean[LETTERS];
  private final @Nullable Bytes[] texts = new Bytes[LETTERS];

  private Fields() {}

  /** The values of a stored job; of one that can not be read, what is left of it. */
  static Fields read(byte[] packed) {
    try {
      Fields fields = new Fields();
      Unpack in = new Unpack(packed);
      fields.head(in);
      for (int left = in.map(); left > 0; left--) {
        fields.put(in);
      }
      if (fields.has('t')) {
        return fields;
      }
    } catch (RuntimeException e) {
      // Damaged bytes may fail anywhere; below is what they mean.
      return damaged(packed);
    }
    return damaged(packed);
  }

  /** The same of a job that was just leased; its body may be the one with which it waited. */
  static Fields leased(byte[] packed, long nonce) {
    Fields fields = read(packed);
    if (!fields.has('N')) {
      fields.set('a', 1);
      fields.set('n', 1);
      fields.set('N', Bytes.owned(ByteBuffer.allocate(8).putLong(nonce).array()));
    }
    return fields;
  }

  /** What is not in the map, so that scripts can read it without the map. */
  private void head(Unpack in) {
    in.fixed(6);
    int code = (int) in.fixed(1);
    set('s', code == LISTED ? Codes.of(JobState.READY) : Codes.of(Codes.state(code)));
    in.fixed(1);
    set('a', in.fixed(4));
    set('n', in.fixed(4));
    boolean running = code == Codes.of(JobState.RUNNING);
    if (running) {
      set('N', in.bytes(8));
      set('b', in.fixed(6));
      set('x', in.fixed(6));
    }
    set('q', in.bytes((int) in.fixed(1)));
    if (running) {
      set('j', in.bytes((int) in.fixed(2)));
    }
  }

  private static Fields damaged(byte[] packed) {
    Fields left = new Fields();
    left.set('q', Bytes.utf8("corrupt"));
    left.set('t', Bytes.utf8("corrupt"));
    left.set('R', Bytes.utf8("CORRUPT"));
    left.set('P', Bytes.owned(packed));
    left.set('s', Codes.of(JobState.DEAD));
    return left;
  }

  private void set(char letter, Bytes value) {
    texts[letter] = value;
    present[letter] = true;
  }

  private void set(char letter, long value) {
    numbers[letter] = value;
    present[letter] = true;
  }

  private void put(Unpack in) {
    char letter = in.text().charAt(0);
    if (in.isNothing()) {
      return;
    }
    present[letter] = true;
    if (MARKS.indexOf(letter) >= 0) {
      in.truth();
    } else if (NUMBERS.indexOf(letter) >= 0) {
      numbers[letter] = in.number();
    } else {
      texts[letter] = in.bytes();
    }
  }

  boolean has(char letter) {
    return present[letter];
  }

  long number(char letter, long otherwise) {
    return present[letter] ? numbers[letter] : otherwise;
  }

  int count(char letter) {
    return Math.toIntExact(number(letter, 0));
  }

  Bytes bytes(char letter) {
    Bytes value = texts[letter];
    return value == null ? Bytes.EMPTY : value;
  }

  String text(char letter) {
    return bytes(letter).toUtf8();
  }

  @Nullable String textOrNull(char letter) {
    return present[letter] ? text(letter) : null;
  }

  long bits(char letter) {
    return bytes(letter).toByteBuffer().getLong();
  }

  List<JobId> ids(char letter) {
    byte[] all = bytes(letter).toArray();
    List<JobId> ids = new ArrayList<>();
    for (int at = 0; at < all.length; at += 16) {
      ids.add(JobId.fromBytes(Arrays.copyOfRange(all, at, at + 16)));
    }
    return ids;
  }

  Map<String, String> headers() {
    if (!has('B')) {
      return Map.of();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    Unpack in = new Unpack(bytes('B').toArray());
    for (int left = in.list(); left > 0; left -= 2) {
      headers.put(in.text(), in.text());
    }
    return headers;
  }
}
