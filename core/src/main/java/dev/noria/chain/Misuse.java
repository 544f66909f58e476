package dev.noria.chain;

/** The words for plugins that break the contract of a chain. */
final class Misuse {
  private Misuse() {}

  static IllegalStateException of(Link link, String what, String fix) {
    return new IllegalStateException("The plugin '" + link.plugin() + "' " + what + ". " + fix);
  }

  static IllegalStateException twice(Link link, Point point) {
    return of(
        link,
        "proceeded twice around " + point.label(),
        "Expected at most one call of proceed. Keep its answer and use it again.");
  }

  static IllegalStateException nothing(Link link, Point point) {
    return of(
        link,
        "returned null around " + point.label(),
        "Expected an answer: return what proceed answers.");
  }

  static IllegalStateException count(Link link, Point point, int found, int expected) {
    return of(
        link,
        "returned " + found + " receipts for " + expected + " around " + point.label(),
        "Expected one receipt for each, in order.");
  }

  static IllegalStateException changed(Link link, Point point, String what) {
    return of(
        link,
        "proceeded with changed input around " + point.label() + ": " + what,
        "Expected the same ones in the same order.");
  }
}
