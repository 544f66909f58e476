package dev.noria.engine;

import dev.noria.job.JobId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some neighbours of the {@link JobIndex}. The ids stand in arrays of their own, so that a search
 * touches no entry. A removed job leaves an empty slot until the leaf is compacted.
 */
final class Leaf {
  static final int CAPACITY = 256;
  private static final int SMALLEST = 16;

  /** No id of this leaf is smaller. */
  final JobId floor;

  private long[] high;
  private long[] low;
  private @Nullable Entry[] entries;
  private int size;
  private int live;

  Leaf(JobId floor, int capacity) {
    this.floor = floor;
    high = new long[capacity];
    low = new long[capacity];
    entries = new @Nullable Entry[capacity];
  }

  int size() {
    return size;
  }

  int live() {
    return live;
  }

  @Nullable Entry at(int slot) {
    return entries[slot];
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  /** Whether {@code id} comes after every id that was ever put here. */
  boolean isBehind(long idHigh, long idLow) {
    return size == 0 || compare(size - 1, idHigh, idLow) < 0;
  }

  /** The slot of {@code id}, or −1 − the slot where it belongs. */
  int search(JobId id) {
    return search(id.high(), id.low());
  }

  int search(long idHigh, long idLow) {
    int from = 0;
    int to = size - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = compare(middle, idHigh, idLow);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1 - from;
  }

  private int compare(int slot, long idHigh, long idLow) {
    int byHigh = Long.compareUnsigned(high[slot], idHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low[slot], idLow);
  }

  /** Puts a job behind all others; the leaf must have room. */
  void append(Entry entry) {
    grow();
    set(size++, entry);
  }

  /** Puts a job where it belongs; the leaf must have room, and no job of this id. */
  void insert(Entry entry) {
    int slot = search(entry.high, entry.low);
    if (slot >= 0) {
      set(slot, entry);
      return;
    }
    grow();
    slot = -1 - slot;
    System.arraycopy(high, slot, high, slot + 1, size - slot);
    System.arraycopy(low, slot, low, slot + 1, size - slot);
    System.arraycopy(entries, slot, entries, slot + 1, size - slot);
    size++;
    set(slot, entry);
  }

  private void set(int slot, Entry entry) {
    high[slot] = entry.high;
    low[slot] = entry.low;
    entries[slot] = entry;
    live++;
  }

  private void grow() {
    if (size == high.length) {
      resize(Math.min(CAPACITY, size * 2));
    }
  }

  private void resize(int capacity) {
    high = Arrays.copyOf(high, capacity);
    low = Arrays.copyOf(low, capacity);
    entries = Arrays.copyOf(entries, capacity);
  }

  void remove(int slot) {
    entries[slot] = null;
    live--;
    if (live == 0) {
      size = 0;
    } else if (size >= SMALLEST && live * 4 < size) {
      compact();
      resize(Math.max(SMALLEST, live * 2));
    }
  }

  /** Gives the empty slots back. */
  void compact() {
    int to = 0;
    for (int from = 0; from < size; from++) {
      Entry entry = entries[from];
      if (entry != null) {
        high[to] = high[from];
        low[to] = low[from];
        entries[to++] = entry;
      }
    }
    Arrays.fill(entries, to, size, null);
    size = to;
  }

  /** Moves the part of a full leaf from {@code from} on into a new one. */
  Leaf split(int from) {
    Leaf upper = new Leaf(new JobId(high[from], low[from]), CAPACITY);
    for (int slot = from; slot < size; slot++) {
      Entry entry = entries[slot];
      if (entry != null) {
        upper.append(entry);
        entries[slot] = null;
        live--;
      }
    }
    size = from;
    return upper;
  }
}
