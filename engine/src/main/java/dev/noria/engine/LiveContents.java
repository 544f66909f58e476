package dev.noria.engine;

import java.util.Arrays;

/**
 * How many contents of each commit are still needed, in a table of longs: a commit may have brought
 * one job only, and there may be a million of them.
 */
final class LiveContents {
  private static final int START = 64;

  private long[] sequences = new long[START];
  private int[] counts = new int[START];
  private int size;

  void add(Content content) {
    add(content.sequence);
  }

  void drop(Content content) {
    drop(content.sequence);
  }

  void add(long sequence) {
    if (sequence < 0) {
      return;
    }
    int slot = slot(sequence);
    if (counts[slot] == 0) {
      sequences[slot] = sequence;
      size++;
    }
    counts[slot]++;
    if (size * 2 > counts.length) {
      resize(counts.length * 2);
    }
  }

  void drop(long sequence) {
    if (sequence < 0) {
      return;
    }
    int slot = slot(sequence);
    if (counts[slot] > 0 && --counts[slot] == 0) {
      size--;
      close(slot);
      if (counts.length > START && size * 8 < counts.length) {
        resize(counts.length / 2);
      }
    }
  }

  private int slot(long sequence) {
    int mask = counts.length - 1;
    int slot = home(sequence, mask);
    while (counts[slot] != 0 && sequences[slot] != sequence) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int home(long sequence, int mask) {
    long mixed = sequence * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & mask;
  }

  /** Moves those behind an emptied slot up, so that no search ends too early. */
  private void close(int emptied) {
    int mask = counts.length - 1;
    int hole = emptied;
    int next = (hole + 1) & mask;
    while (counts[next] != 0) {
      int home = home(sequences[next], mask);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        sequences[hole] = sequences[next];
        counts[hole] = counts[next];
        counts[next] = 0;
        hole = next;
      }
      next = (next + 1) & mask;
    }
  }

  private void resize(int capacity) {
    long[] oldSequences = sequences;
    int[] oldCounts = counts;
    sequences = new long[capacity];
    counts = new int[capacity];
    for (int i = 0; i < oldCounts.length; i++) {
      if (oldCounts[i] != 0) {
        int slot = slot(oldSequences[i]);
        sequences[slot] = oldSequences[i];
        counts[slot] = oldCounts[i];
      }
    }
  }

  int of(long sequence) {
    return counts[slot(sequence)];
  }

  /** The commits that are needed, ascending. */
  long[] all() {
    long[] all = new long[size];
    int to = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0) {
        all[to++] = sequences[i];
      }
    }
    Arrays.sort(all);
    return all;
  }
}
