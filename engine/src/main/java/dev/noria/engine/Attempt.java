package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt.
 *
 * @param fingerprint of the error, which filters ask for
 * @param held the error, if it is on the heap
 * @param place where the error is, if it is not
 */
record Attempt(
    int generation,
    int attempt,
    String worker,
    long startedAt,
    long endedAt,
    String fingerprint,
    @Nullable ErrorInfo held,
    @Nullable Content place) {

  static Attempt of(FailedAttempt known) {
    return new Attempt(
        known.generation(),
        known.attempt(),
        known.worker(),
        known.startedAt().toEpochMilli(),
        known.endedAt().toEpochMilli(),
        known.error().fingerprint(),
        known.error(),
        null);
  }

  Attempt at(Content content) {
    return new Attempt(generation, attempt, worker, startedAt, endedAt, fingerprint, null, content);
  }

  FailedAttempt load(Contents contents) {
    return new FailedAttempt(
        generation,
        attempt,
        error(contents),
        worker,
        Instant.ofEpochMilli(startedAt),
        Instant.ofEpochMilli(endedAt));
  }

  private ErrorInfo error(Contents contents) {
    if (held != null) {
      return held;
    }
    Bytes bytes = Objects.requireNonNull(place, "place").load(contents);
    return bytes == null
        ? new ErrorInfo("", fingerprint, "The stored error can not be read.", "")
        : readError(new In(bytes.toArray()));
  }

  static ErrorInfo readError(In in) {
    String type = in.text();
    String fingerprint = in.text();
    String message = in.text();
    return new ErrorInfo(type, fingerprint, message, in.text());
  }

  /** The text of an error as one content. */
  static Bytes write(ErrorInfo error) {
    Out out = new Out();
    out.text(error.type());
    out.text(error.fingerprint());
    out.text(error.message());
    out.text(error.stack());
    return Bytes.owned(out.toArray());
  }

  void write(Out out) {
    out.number(generation);
    out.number(attempt);
    out.name(worker);
    out.number(startedAt);
    out.number(endedAt);
    out.name(fingerprint);
    out.optional(held, error -> out.bytes(write(error)));
    out.optional(place, content -> content.write(out));
  }

  static Attempt read(In in) {
    int generation = in.integer();
    int attempt = in.integer();
    String worker = in.name();
    long startedAt = in.number();
    long endedAt = in.number();
    String fingerprint = in.name();
    ErrorInfo held = in.optional(() -> readError(new In(in.bytes().toArray())));
    Content place = in.optional(() -> Content.read(in));
    return new Attempt(generation, attempt, worker, startedAt, endedAt, fingerprint, held, place);
  }
}
