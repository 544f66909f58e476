package dev.noria.storage.sqlite;

import dev.noria.rows.Pack;
import dev.noria.rows.Unpack;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a recount has counted so far for one row, kept in that row. What an earlier recount left
 * behind counts as zero. Not thread-safe.
 */
final class Tally {
  private final long[] numbers;
  private long sweep;
  private byte @Nullable [] stored;

  Tally(int kinds) {
    numbers = new long[kinds];
  }

  void read(byte @Nullable [] bytes) {
    stored = bytes;
    if (bytes != null) {
      Unpack in = new Unpack(bytes);
      sweep = in.number();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = in.number();
      }
    }
  }

  byte @Nullable [] toBytes() {
    if (stored == null && sweep > 0) {
      Pack out = new Pack(16).number(sweep);
      for (long number : numbers) {
        out.number(number);
      }
      stored = out.toBytes();
    }
    return stored;
  }

  void add(long current, int kind, long more) {
    start(current);
    numbers[kind] += more;
    stored = null;
  }

  long number(long current, int kind) {
    return sweep == current ? numbers[kind] : 0;
  }

  private void start(long current) {
    if (sweep != current) {
      sweep = current;
      Arrays.fill(numbers, 0);
    }
  }
}
