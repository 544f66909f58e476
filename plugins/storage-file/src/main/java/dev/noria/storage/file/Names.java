package dev.noria.storage.file;

import java.util.HexFormat;
import java.util.OptionalLong;

/** Names of files: fixed width, so that the order of names is the order of the log. */
final class Names {
  private static final HexFormat HEX = HexFormat.of();
  private static final int DIGITS = 16;

  private Names() {}

  static String of(long sequence) {
    return HEX.toHexDigits(sequence);
  }

  /** A folder of the log that starts with {@code first}; {@code mark} makes it unique for ever. */
  static String folder(long first, long mark) {
    return of(first) + "-" + HEX.toHexDigits(mark);
  }

  /** The sequence that a name is, or starts with; empty if it is none of ours. */
  static OptionalLong sequence(String name) {
    boolean shaped =
        name.length() == DIGITS || (name.length() == 2 * DIGITS + 1 && name.charAt(DIGITS) == '-');
    if (!shaped || !isHex(name.substring(0, DIGITS))) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(HexFormat.fromHexDigitsToLong(name.substring(0, DIGITS)));
  }

  private static boolean isHex(String digits) {
    return digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
