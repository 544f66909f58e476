package dev.noria.storage.redis;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stored values of a job by their letters; {@link JobForm} says what they mean. */
final class Fields {
  private static final int LETTERS = 128;
  private static final String NUMBERS = "prmTDhHKWOFMsedovacnGfEbxz";
  private static final String MARKS = "lwCSAYZQ";

  private final long[] numbers = new long[LETTERS];
  private final boolean[] present = new boolean[LETTERS];
  private final @Nullable Bytes[] texts = new Bytes[LETTERS];

  private Fields() {}

  /** The values of a stored job; of one that can not be read, what is left of it. */
  static Fields read(byte[] packed) {
    try {
      Fields fields = new Fields();
      Unpack in = new Unpack(packed);
      for (int left = in.map(); left > 0; left--) {
        fields.put(in);
      }
      if (fields.has('q') && fields.has('s')) {
        return fields;
      }
    } catch (RuntimeException e) {
      // Damaged bytes may fail anywhere; below is what they mean.
      return damaged(packed);
    }
    return damaged(packed);
  }

  private static Fields damaged(byte[] packed) {
    Fields left = new Fields();
    left.set('q', "corrupt");
    left.set('t', "corrupt");
    left.set('R', "CORRUPT");
    left.texts['P'] = Bytes.owned(packed);
    left.present['P'] = true;
    left.present['s'] = true;
    left.numbers['s'] = Codes.of(JobState.DEAD);
    return left;
  }

  private void set(char letter, String value) {
    texts[letter] = Bytes.utf8(value);
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
