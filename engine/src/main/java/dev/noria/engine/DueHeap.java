package dev.noria.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scheduled jobs of a queue by due instant, then sequence: a heap of four branches that keeps
 * the instants beside the entries, so that sifting seldom touches an entry.
 */
final class DueHeap {
  private static final int START = 16;
  private static final int BRANCHES = 4;

  private long[] due = new long[START];
  private @Nullable Entry[] entries = new @Nullable Entry[START];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  @Nullable Entry first() {
    return size == 0 ? null : entries[0];
  }

  @Nullable Entry firstUntil(long now) {
    return size == 0 || due[0] > now ? null : entries[0];
  }

  boolean contains(Entry entry) {
    int slot = entry.slot;
    return slot >= 0 && slot < size && entries[slot] == entry;
  }

  void add(Entry entry) {
    if (size == due.length) {
      due = Arrays.copyOf(due, size * 2);
      entries = Arrays.copyOf(entries, size * 2);
    }
    size++;
    up(size - 1, entry, entry.dueAt);
  }

  void remove(Entry entry) {
    if (!contains(entry)) {
      return;
    }
    int slot = entry.slot;
    entry.slot = -1;
    size--;
    Entry moved = entries[size];
    long movedDue = due[size];
    entries[size] = null;
    if (moved != null && moved != entry) {
      down(slot, moved, movedDue);
      if (moved.slot == slot) {
        up(slot, moved, movedDue);
      }
    }
    shrink();
  }

  private void shrink() {
    if (due.length > START && size < due.length / 8) {
      due = Arrays.copyOf(due, due.length / 2);
      entries = Arrays.copyOf(entries, entries.length / 2);
    }
  }

  private void up(int from, Entry entry, long at) {
    int slot = from;
    while (slot > 0) {
      int parent = (slot - 1) / BRANCHES;
      if (!before(entry, at, parent)) {
        break;
      }
      move(parent, slot);
      slot = parent;
    }
    put(slot, entry, at);
  }

  private void down(int from, Entry entry, long at) {
    int slot = from;
    while (true) {
      int child = smallestChild(slot);
      if (child < 0 || before(entry, at, child)) {
        break;
      }
      move(child, slot);
      slot = child;
    }
    put(slot, entry, at);
  }

  private int smallestChild(int slot) {
    int first = slot * BRANCHES + 1;
    if (first >= size) {
      return -1;
    }
    int best = first;
    for (int i = first + 1; i < Math.min(first + BRANCHES, size); i++) {
      if (due[i] < due[best] || (due[i] == due[best] && sequence(i) < sequence(best))) {
        best = i;
      }
    }
    return best;
  }

  private boolean before(Entry entry, long at, int slot) {
    return at < due[slot] || (at == due[slot] && entry.sequence < sequence(slot));
  }

  private long sequence(int slot) {
    Entry entry = entries[slot];
    return entry == null ? Long.MAX_VALUE : entry.sequence;
  }

  private void move(int from, int to) {
    Entry entry = entries[from];
    if (entry != null) {
      put(to, entry, due[from]);
    }
  }

  private void put(int slot, Entry entry, long at) {
    entries[slot] = entry;
    due[slot] = at;
    entry.slot = slot;
  }
}
