package dev.noria.engine;

import dev.noria.job.JobId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All jobs, in the order of their ids. Ids grow with time, so most jobs are appended to the last
 * leaf without any search; everything else is a search among the leaves and one inside a leaf.
 */
final class JobIndex {
  private static final JobId LOWEST = new JobId(0, 0);

  private final TreeMap<JobId, Leaf> leaves = new TreeMap<>();
  private Leaf last = new Leaf(LOWEST, Leaf.CAPACITY);
  private int size;

  JobIndex() {
    leaves.put(LOWEST, last);
  }

  int size() {
    return size;
  }

  @Nullable Entry get(JobId id) {
    if (last.isBehind(id.high(), id.low()) && last.size() > 0) {
      return null;
    }
    Leaf leaf = leafOf(id.high(), id.low());
    int slot = leaf.search(id);
    return slot < 0 ? null : leaf.at(slot);
  }

  /** Puts a job whose id is not here. */
  void add(Entry entry) {
    size++;
    if (last.size() > 0 && last.isBehind(entry.high, entry.low)) {
      if (last.isFull()) {
        last = new Leaf(entry.id(), Leaf.CAPACITY);
        leaves.put(last.floor, last);
      }
      last.append(entry);
      return;
    }
    Leaf leaf = leafOf(entry.high, entry.low);
    if (leaf.isFull()) {
      leaf = makeRoom(leaf, entry.id());
    }
    leaf.insert(entry);
  }

  private Leaf makeRoom(Leaf leaf, JobId id) {
    if (leaf.live() < leaf.size()) {
      leaf.compact();
      return leaf;
    }
    // Ids grow, but not strictly: near the end little comes in between, so it stays nearly full.
    int from = leaf == last ? Leaf.CAPACITY * 7 / 8 : Leaf.CAPACITY / 2;
    Leaf upper = leaf.split(from);
    leaves.put(upper.floor, upper);
    if (leaf == last) {
      last = upper;
    }
    return id.compareTo(upper.floor) < 0 ? leaf : upper;
  }

  void remove(JobId id) {
    remove(id.high(), id.low());
  }

  void remove(long high, long low) {
    Leaf leaf = leafOf(high, low);
    int slot = leaf.search(high, low);
    if (slot < 0 || leaf.at(slot) == null) {
      return;
    }
    size--;
    leaf.remove(slot);
    if (leaf.live() == 0 && !leaf.floor.equals(LOWEST)) {
      leaves.remove(leaf.floor);
      if (leaf == last) {
        last = leaves.lastEntry().getValue();
      }
    }
  }

  private Leaf leafOf(long high, long low) {
    int byHigh = Long.compareUnsigned(last.floor.high(), high);
    if (byHigh < 0 || (byHigh == 0 && Long.compareUnsigned(last.floor.low(), low) <= 0)) {
      return last;
    }
    Map.Entry<JobId, Leaf> found = leaves.floorEntry(new JobId(high, low));
    return found == null ? leaves.firstEntry().getValue() : found.getValue();
  }

  /** At most {@code limit} jobs after {@code cursor}, or from the start. */
  List<Entry> after(@Nullable JobId cursor, int limit) {
    List<Entry> page = new ArrayList<>();
    Collection<Leaf> rest =
        cursor == null
            ? leaves.values()
            : leaves.tailMap(leafOf(cursor.high(), cursor.low()).floor, true).values();
    for (Leaf leaf : rest) {
      int from = cursor == null ? 0 : firstAfter(leaf, cursor);
      for (int slot = from; slot < leaf.size(); slot++) {
        Entry entry = leaf.at(slot);
        if (entry != null) {
          page.add(entry);
        }
        if (page.size() == limit) {
          return page;
        }
      }
    }
    return page;
  }

  private static int firstAfter(Leaf leaf, JobId cursor) {
    int slot = leaf.search(cursor);
    return slot >= 0 ? slot + 1 : -1 - slot;
  }

  /** All jobs, for one pass. */
  void forEach(Consumer<Entry> each) {
    for (Leaf leaf : leaves.values()) {
      for (int slot = 0; slot < leaf.size(); slot++) {
        Entry entry = leaf.at(slot);
        if (entry != null) {
          each.accept(entry);
        }
      }
    }
  }
}
