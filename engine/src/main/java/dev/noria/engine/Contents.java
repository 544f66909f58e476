package dev.noria.engine;

import dev.noria.job.Bytes;
import org.jspecify.annotations.Nullable;

/** Reads what a {@link Replica} only has a place of. Implemented by storages; thread-safe. */
public interface Contents {
  /** For a storage whose commands never went through bytes: there is nothing to read. */
  Contents NONE = (sequence, offset, length) -> null;

  /**
   * The bytes at a place; called without any lock. Their CRC-32C stands in the four bytes in front
   * of them.
   *
   * @param sequence the commit that brought them
   * @param offset counted as in {@link Replica#apply}
   * @param length how many
   * @return null when they are gone or damaged
   */
  @Nullable Bytes read(long sequence, int offset, int length);
}
