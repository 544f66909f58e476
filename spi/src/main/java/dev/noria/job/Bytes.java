package dev.noria.job;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable run of bytes: payloads, results, step results and register values.
 *
 * <p>Bytes are opaque to Noria and come back bit-identical (S0.6). Because they cannot change, no
 * caller and no storage has to copy them defensively. Thread-safe.
 */
public final class Bytes {
  /** No bytes at all; a legal payload. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** Copies {@code array}; changing it afterwards changes nothing here. */
  public static Bytes copyOf(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array.clone());
  }

  /**
   * Takes {@code array} over without copying. The caller promises never to change it again; meant
   * for codecs and storages that have just made the array.
   */
  public static Bytes owned(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Bytes utf8(String text) {
    return owned(requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
  }

  /** Number of bytes. */
  public int size() {
    return array.length;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return array.length == 0;
  }

  /** A fresh copy; changing it changes nothing here. */
  public byte[] toArray() {
    return array.clone();
  }

  /** A read-only view without a copy. */
  public ByteBuffer toByteBuffer() {
    return ByteBuffer.wrap(array).asReadOnlyBuffer();
  }

  /** The bytes decoded as UTF-8; malformed input is replaced. */
  public String toUtf8() {
    return new String(array, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(array, bytes.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  /** The size only; contents never appear in messages or logs. */
  @Override
  public String toString() {
    return "Bytes[" + array.length + "]";
  }
}
