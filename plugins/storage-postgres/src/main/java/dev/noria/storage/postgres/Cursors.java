package dev.noria.storage.postgres;

/** Reads the cursors of pages. */
final class Cursors {
  private Cursors() {}

  static long number(String cursor) {
    try {
      return Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + cursor + "' is not a cursor. Give what the last page said.", e);
    }
  }
}
