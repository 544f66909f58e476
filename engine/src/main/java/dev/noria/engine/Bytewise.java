package dev.noria.engine;

import java.util.Comparator;

/** The order of names: that of their UTF-8 bytes, which is the order of code points (S0.7). */
final class Bytewise {
  static final Comparator<String> ORDER = Bytewise::compare;

  private Bytewise() {}

  private static int compare(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        // Surrogates stand for code points beyond all other chars, but before some of them here.
        boolean differ = Character.isSurrogate(a) != Character.isSurrogate(b);
        return differ ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
