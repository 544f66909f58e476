package dev.noria.engine;

import dev.noria.job.Bytes;
import org.jspecify.annotations.Nullable;

/** Bytes that no decision depends on: on the heap, or at a place in the log. Immutable. */
final class Content {
  /** The sequence of what is on the heap. */
  static final long HEAP = -1;

  final @Nullable Bytes held;
  final long sequence;
  final int offset;
  final int length;

  private Content(@Nullable Bytes held, long sequence, int offset, int length) {
    this.held = held;
    this.sequence = sequence;
    this.offset = offset;
    this.length = length;
  }

  static Content of(Bytes bytes) {
    return new Content(bytes, HEAP, 0, bytes.size());
  }

  static Content at(long sequence, int offset, int length) {
    return new Content(null, sequence, offset, length);
  }

  /** The bytes; null when they are gone or damaged. */
  @Nullable Bytes load(Contents contents) {
    return held != null ? held : contents.read(sequence, offset, length);
  }

  /** The bytes, or none where they are gone or damaged. */
  Bytes loadOrEmpty(Contents contents) {
    Bytes loaded = load(contents);
    return loaded == null ? Bytes.EMPTY : loaded;
  }

  void write(Out out) {
    out.flag(held != null);
    if (held != null) {
      out.bytes(held);
    } else {
      out.number(sequence);
      out.number(offset);
      out.number(length);
    }
  }

  static Content read(In in) {
    if (in.flag()) {
      return of(in.bytes());
    }
    long sequence = in.number();
    int offset = in.size();
    return at(sequence, offset, in.size());
  }
}
