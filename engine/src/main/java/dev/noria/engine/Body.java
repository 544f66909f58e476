package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.NewJob;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Payload and headers of a job: on the heap, or at a place in the log, where the headers stand
 * behind the payload. Immutable.
 */
final class Body {
  private final @Nullable Bytes payload;
  private final Map<String, String> headers;
  final long sequence;
  final int offset;
  final int size;
  final int headerSize;

  private Body(Bytes payload, Map<String, String> headers) {
    this.payload = payload;
    this.headers = headers;
    sequence = Content.HEAP;
    offset = 0;
    size = payload.size();
    headerSize = 0;
  }

  private Body(long sequence, int offset, int size, int headerSize) {
    payload = null;
    headers = Map.of();
    this.sequence = sequence;
    this.offset = offset;
    this.size = size;
    this.headerSize = headerSize;
  }

  static Body of(NewJob job) {
    return new Body(job.payload(), job.headers());
  }

  static Body of(Bytes payload) {
    return new Body(payload, Map.of());
  }

  static Body at(long sequence, int offset, int size, int headerSize) {
    return new Body(sequence, offset, size, headerSize);
  }

  /** What an entry keeps of a body on the heap; null for one in the log. */
  @Nullable Object held() {
    return payload == null ? null : headers.isEmpty() ? payload : this;
  }

  /** Payload and headers, read. */
  record Loaded(Bytes payload, Map<String, String> headers) {
    static final Loaded EMPTY = new Loaded(Bytes.EMPTY, Map.of());
  }

  /** Null when the bytes are gone or damaged. */
  @Nullable Loaded load(Contents contents) {
    if (payload != null) {
      return new Loaded(payload, headers);
    }
    Bytes whole = contents.read(sequence, offset, size + headerSize);
    if (whole == null || headerSize == 0) {
      return whole == null ? null : new Loaded(whole, Map.of());
    }
    ByteBuffer buffer = whole.toByteBuffer();
    byte[] front = new byte[size];
    byte[] back = new byte[headerSize];
    buffer.get(front).get(back);
    return new Loaded(Bytes.owned(front), headers(new In(back)));
  }

  private static Map<String, String> headers(In in) {
    Map<String, String> headers = new TreeMap<>();
    for (int left = in.size(); left > 0; left--) {
      String name = in.text();
      headers.put(name, in.text());
    }
    return headers;
  }

  /** Writes a body into a command. */
  static void write(Out out, NewJob job) {
    Bytes block = Bytes.EMPTY;
    if (!job.headers().isEmpty()) {
      Out headers = new Out();
      headers.number(job.headers().size());
      new TreeMap<>(job.headers())
          .forEach(
              (name, value) -> {
                headers.text(name);
                headers.text(value);
              });
      block = Bytes.owned(headers.toArray());
    }
    out.number(job.payload().size());
    out.number(block.size());
    out.checksum(job.payload(), block);
    out.raw(job.payload());
    out.raw(block);
  }

  /** Finds a body in a command: only its place is kept. */
  static Body find(In in) {
    int size = in.size();
    int headerSize = in.size();
    in.skip(Out.CHECKSUM_BYTES);
    Body body = at(in.sequence(), in.position(), size, headerSize);
    in.skip(size + headerSize);
    return body;
  }

  /** Writes a body into a snapshot. */
  void write(Out out) {
    out.flag(payload != null);
    if (payload != null) {
      out.bytes(payload);
      out.number(headers.size());
      new TreeMap<>(headers)
          .forEach(
              (name, value) -> {
                out.text(name);
                out.text(value);
              });
    } else {
      out.number(sequence);
      out.number(offset);
      out.number(size);
      out.number(headerSize);
    }
  }

  static Body read(In in) {
    if (in.flag()) {
      Bytes payload = in.bytes();
      return new Body(payload, headers(in));
    }
    long sequence = in.number();
    int offset = in.size();
    int size = in.size();
    return at(sequence, offset, size, in.size());
  }
}
