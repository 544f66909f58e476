package dev.noria.job;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a job: 128 bits, made by the client before the first try (S1.3), so that a
 * repeated call after an unknown outcome finds the job instead of making a second one.
 *
 * <p>The kernel makes UUIDv7 ids, which sort by creation time; any 128 bits are accepted. Ordered
 * as an unsigned number. Immutable.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record JobId(long high, long low) implements Comparable<JobId> {

  /** The id with the bits of {@code uuid}. */
  public static JobId of(UUID uuid) {
    return new JobId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /**
   * Reads the form that {@link #toString()} writes.
   *
   * @throws IllegalArgumentException if {@code text} is not a UUID of 36 characters
   */
  public static JobId parse(String text) {
    if (text.length() != 36) {
      throw malformed(text, null);
    }
    try {
      return of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw malformed(text, e);
    }
  }

  /** Reads 16 bytes, most significant first, as {@link #toBytes()} writes them. */
  public static JobId fromBytes(byte[] bytes) {
    if (bytes.length != 16) {
      throw new IllegalArgumentException(
          "A job id of " + bytes.length + " bytes was read. It must have exactly 16.");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new JobId(buffer.getLong(), buffer.getLong());
  }

  private static IllegalArgumentException malformed(
      String text, @Nullable IllegalArgumentException cause) {
    String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return new IllegalArgumentException(
        "'"
            + shown
            + "' is not a job id. Expected a UUID such as"
            + " 01890a5d-ac96-774b-bcce-b302099a8057.",
        cause);
  }

  /** The id as a UUID. */
  public UUID toUuid() {
    return new UUID(high, low);
  }

  /** The id as 16 bytes, most significant first; bytewise order is the order of ids. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  @Override
  public int compareTo(JobId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** Mixes all bits: ids of one millisecond differ only in the low half. */
  @Override
  public int hashCode() {
    long mixed = (high ^ low) * 0x9E3779B97F4A7C15L;
    return (int) (mixed ^ (mixed >>> 32));
  }

  /** The canonical 36 characters of a UUID. */
  @Override
  public String toString() {
    return toUuid().toString();
  }
}
