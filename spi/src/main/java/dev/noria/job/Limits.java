package dev.noria.job;

import java.nio.charset.StandardCharsets;

/**
 * How much fits. Part of the contract (S0.6): the kernel checks once at enqueue, and the test kit
 * checks that each storage takes exactly the maximum. Immutable.
 *
 * @param payloadBytes largest payload, result or step result; default 1 MiB, 1 to 64 MiB
 * @param headers most headers of a job; default 64
 * @param headerBytes largest header, name and value together, in UTF-8; default 4 KiB
 * @param errorBytes largest error text kept, the rest is cut; default 16 KiB
 * @param batchJobs most jobs in one storage call; default 10 000; the kernel splits larger ones
 * @param batchBytes most payload bytes in one storage call; default 16 MiB; the kernel splits
 * @param nameBytes longest queue, type, key, group or limit key, in UTF-8; default 200
 * @param dependencies most jobs that one job waits for; default 1 000
 */
public record Limits(
    int payloadBytes,
    int headers,
    int headerBytes,
    int errorBytes,
    int batchJobs,
    int batchBytes,
    int nameBytes,
    int dependencies) {
  private static final int MIB = 1024 * 1024;
  private static final Limits DEFAULTS =
      new Limits(MIB, 64, 4096, 16_384, 10_000, 16 * MIB, 200, 1_000);

  /** Every limit must be positive, the payload at most 64 MiB and at most a batch. */
  public Limits {
    int smallest =
        Math.min(
            Math.min(Math.min(payloadBytes, headers), Math.min(headerBytes, errorBytes)),
            Math.min(Math.min(batchJobs, batchBytes), Math.min(nameBytes, dependencies)));
    if (smallest < 1) {
      throw new IllegalArgumentException(
          "A limit of " + smallest + " was given. Every limit must be at least 1.");
    }
    if (payloadBytes > 64 * MIB || payloadBytes > batchBytes) {
      throw new IllegalArgumentException(
          "A payload limit of "
              + payloadBytes
              + " bytes was given. It must be at most 64 MiB and"
              + " at most the batch limit of "
              + batchBytes
              + " bytes.");
    }
  }

  /** The limits of the contract. */
  public static Limits defaults() {
    return DEFAULTS;
  }

  /** The same with another payload limit, in bytes; raises the batch limit when necessary. */
  public Limits withPayloadBytes(int bytes) {
    return new Limits(
        bytes,
        headers,
        headerBytes,
        errorBytes,
        batchJobs,
        Math.max(batchBytes, bytes),
        nameBytes,
        dependencies);
  }

  /** The same with other batch limits. */
  public Limits withBatch(int jobs, int bytes) {
    return new Limits(
        payloadBytes, headers, headerBytes, errorBytes, jobs, bytes, nameBytes, dependencies);
  }

  /**
   * Checks a name: not empty, well-formed Unicode without U+0000, at most 200 bytes of UTF-8
   * (S0.7).
   *
   * @param what what the name is for, as the message shall say it: "queue", "type", "key"…
   * @return {@code name}
   * @throws IllegalArgumentException if the name is not legal
   */
  public static String checkName(String what, String name) {
    int length = name.length();
    boolean ascii = length > 0 && length <= DEFAULTS.nameBytes;
    for (int i = 0; ascii && i < length; i++) {
      char c = name.charAt(i);
      ascii = c != 0 && c < 0x80;
    }
    if (!ascii) {
      checkUnusualName(what, name);
    }
    return name;
  }

  private static void checkUnusualName(String what, String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("The " + what + " is empty. Expected 1 to 200 bytes.");
    }
    if (!isText(name)) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " of "
              + name.length()
              + " characters contains U+0000 or half a"
              + " surrogate pair. Expected well-formed Unicode text.");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > DEFAULTS.nameBytes) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " has "
              + bytes
              + " bytes in UTF-8. At most "
              + DEFAULTS.nameBytes
              + " are allowed; shorten it or use a hash of it.");
    }
  }

  /** Whether {@code text} is well-formed Unicode without U+0000. */
  public static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      } else if (c == 0 || Character.isLowSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Makes {@code text} storable: U+0000 and half surrogate pairs become U+FFFD, and what exceeds
   * {@code maxBytes} of UTF-8 is cut at a character border. Meant for error texts and log lines.
   */
  public static String cut(String text, int maxBytes) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), maxBytes));
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
        point = 0xFFFD;
      }
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        break;
      }
      out.appendCodePoint(point);
    }
    return out.toString();
  }
}
