package dev.noria.kernel;

/**
 * Data in a line of the log: what comes from outside cannot end the line, or look like another
 * field.
 */
final class LogText {
  private static final int MOST_CHARS = 200;

  private LogText() {}

  /** Adds {@code key=value}, after a blank unless it is the first. */
  static void add(StringBuilder line, String key, String value) {
    if (line.length() > 0) {
      line.append(' ');
    }
    line.append(key).append('=');
    append(line, value);
  }

  private static void append(StringBuilder line, String value) {
    if (isPlain(value)) {
      line.append(value);
      return;
    }
    line.append('"');
    escape(line, value);
    line.append('"');
  }

  /** Only letters, digits and some signs of ASCII, and not too long: needs no quotes. */
  private static boolean isPlain(String value) {
    int length = value.length();
    if (length == 0 || length > MOST_CHARS) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "._-:/@#$+".indexOf(c) >= 0);
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  /** The text for inside of a sentence: no quotes around it, nothing in it that ends a line. */
  static String plain(String value) {
    StringBuilder text = new StringBuilder(value.length());
    escape(text, value);
    return text.toString();
  }

  private static void escape(StringBuilder line, String value) {
    int end = Math.min(value.length(), MOST_CHARS);
    int i = 0;
    while (i < end) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (isVisible(c)) {
            line.appendCodePoint(c);
          } else {
            line.append(String.format("\\u%04x", c));
          }
        }
      }
    }
    if (end < value.length()) {
      line.append('…');
    }
  }

  /** Whether it is a sign to look at: none that steers a terminal, a line or its direction. */
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
