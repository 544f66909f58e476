package dev.noria.engine;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The READY jobs of one line that share priority and direction, in their order. Jobs arrive almost
 * always at an end, which costs nothing; the few that belong between others stand in a tree.
 */
final class Band {
  private static final Comparator<Entry> FIFO = Band::fifo;
  private static final Comparator<Entry> LIFO =
      (one, other) -> Long.compare(other.sequence, one.sequence);

  private final boolean lifo;
  private final Comparator<Entry> order;
  private final Chain chain = new Chain(0);
  private @Nullable TreeSet<Entry> strays;

  Band(boolean lifo) {
    this.lifo = lifo;
    order = lifo ? LIFO : FIFO;
  }

  private static int fifo(Entry one, Entry other) {
    int byInstant = Long.compare(one.dueAt, other.dueAt);
    return byInstant != 0 ? byInstant : Long.compare(one.sequence, other.sequence);
  }

  boolean isEmpty() {
    return chain.isEmpty() && strays == null;
  }

  void add(Entry entry) {
    Entry first = chain.first;
    Entry last = chain.last;
    if (last == null || first == null || order.compare(entry, last) > 0) {
      chain.append(entry);
    } else if (order.compare(entry, first) < 0) {
      chain.prepend(entry);
    } else {
      TreeSet<Entry> tree = strays;
      if (tree == null) {
        tree = new TreeSet<>(order);
        strays = tree;
      }
      tree.add(entry);
    }
  }

  void remove(Entry entry) {
    TreeSet<Entry> tree = strays;
    if (entry.chain == chain) {
      chain.remove(entry);
    } else if (tree != null && tree.remove(entry) && tree.isEmpty()) {
      strays = null;
    }
  }

  boolean contains(Entry entry) {
    return entry.chain == chain || (strays != null && strays.contains(entry));
  }

  @Nullable Entry first() {
    Entry first = chain.first;
    if (strays == null) {
      return first;
    }
    Entry stray = strays.first();
    return first == null || order.compare(stray, first) < 0 ? stray : first;
  }

  /** The one that has been READY for longest, whichever end it stands at. */
  @Nullable Entry oldest() {
    if (!lifo) {
      return first();
    }
    Entry last = chain.last;
    if (strays == null) {
      return last;
    }
    Entry stray = strays.last();
    return last == null || order.compare(stray, last) > 0 ? stray : last;
  }
}
