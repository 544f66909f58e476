package dev.noria.storage.memory;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Finds the word that somebody may have meant. */
final class Nearest {
  private Nearest() {}

  static String to(String word, List<String> known) {
    return Collections.min(known, Comparator.comparingInt(one -> distance(word, one)));
  }

  /** How many letters must be put in, left out or changed. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
