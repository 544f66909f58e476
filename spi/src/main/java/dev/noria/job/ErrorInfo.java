package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * Why an attempt failed, as it is kept in the history (S3.5). Texts are made storable and cut to
 * {@link Limits#errorBytes}. Immutable.
 *
 * @param type the class of the error, or a short word such as {@code TIMEOUT}
 * @param fingerprint equal for errors of the same type at the same place; 16 hexadecimal digits or
 *     the word in {@code type}
 * @param message the error's own words; may be empty
 * @param stack the stack trace; may be empty
 */
public record ErrorInfo(String type, String fingerprint, String message, String stack) {
  private static final int MESSAGE_BYTES = 2_048;
  private static final int FRAMES = 8;

  /** Cuts and cleans the texts. */
  public ErrorInfo {
    type = Limits.cut(requireNonNull(type, "type"), 200);
    fingerprint = Limits.cut(requireNonNull(fingerprint, "fingerprint"), 200);
    message = Limits.cut(requireNonNull(message, "message"), MESSAGE_BYTES);
    stack =
        Limits.cut(
            requireNonNull(stack, "stack"), Limits.defaults().errorBytes() - MESSAGE_BYTES - 400);
  }

  /** An error without a throwable, such as a timeout; {@code word} is type and fingerprint. */
  public static ErrorInfo of(String word, String message) {
    return new ErrorInfo(word, word, message, "");
  }

  /** Describes {@code error}; survives throwables whose own methods throw. */
  public static ErrorInfo of(Throwable error) {
    String type = error.getClass().getName();
    return new ErrorInfo(type, fingerprint(error), message(error), stack(error));
  }

  private static String message(Throwable error) {
    try {
      String message = error.getMessage();
      return message == null ? "" : message;
    } catch (RuntimeException | StackOverflowError e) {
      return "(getMessage() threw " + e.getClass().getName() + ")";
    }
  }

  private static String stack(Throwable error) {
    try {
      StringWriter text = new StringWriter();
      error.printStackTrace(new PrintWriter(text));
      return text.toString();
    } catch (RuntimeException | StackOverflowError e) {
      return "(printStackTrace() threw " + e.getClass().getName() + ")";
    }
  }

  /** Type and the first frames without line numbers, so that an edited file keeps its errors. */
  private static String fingerprint(Throwable error) {
    long hash = 0xcbf29ce484222325L;
    hash = mix(hash, error.getClass().getName());
    StackTraceElement[] frames;
    try {
      frames = error.getStackTrace();
    } catch (RuntimeException | StackOverflowError e) {
      frames = new StackTraceElement[0];
    }
    for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
      hash = mix(mix(hash, frames[i].getClassName()), frames[i].getMethodName());
    }
    return String.format("%016x", hash);
  }

  private static long mix(long hash, String text) {
    long mixed = hash;
    for (int i = 0; i < text.length(); i++) {
      mixed = (mixed ^ text.charAt(i)) * 0x100000001b3L;
    }
    return (mixed ^ 0xff) * 0x100000001b3L;
  }
}
