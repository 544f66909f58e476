package dev.noria.engine;

import org.jspecify.annotations.Nullable;

/** A doubly linked list through the entries themselves; an entry is in one chain at most. */
final class Chain {
  /** The instant that all members share, in milliseconds; unused where the chain is a line. */
  final long at;

  @Nullable Entry first;
  @Nullable Entry last;

  Chain(long at) {
    this.at = at;
  }

  boolean isEmpty() {
    return first == null;
  }

  void append(Entry entry) {
    Entry old = last;
    entry.chain = this;
    entry.previous = old;
    last = entry;
    if (old == null) {
      first = entry;
    } else {
      old.next = entry;
    }
  }

  void prepend(Entry entry) {
    Entry old = first;
    entry.chain = this;
    entry.next = old;
    first = entry;
    if (old == null) {
      last = entry;
    } else {
      old.previous = entry;
    }
  }

  void remove(Entry entry) {
    Entry before = entry.previous;
    Entry after = entry.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    entry.chain = null;
    entry.previous = null;
    entry.next = null;
  }
}
