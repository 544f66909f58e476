package dev.noria.plugin;

import dev.noria.job.Bytes;

/** Turns payloads and results into bytes and back. The default writes JSON. Must be thread-safe. */
public interface Codec {

  /**
   * Encodes a value.
   *
   * @throws RuntimeException if it can not be encoded; the enqueue fails with it
   */
  Bytes encode(Object value);

  /**
   * Decodes a value.
   *
   * @throws RuntimeException if the bytes are not of that class; the attempt fails with it, the
   *     bytes are kept
   */
  <T> T decode(Bytes bytes, Class<T> type);
}
