package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.storage.Ack;
import dev.noria.storage.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a lease ends.
 *
 * @param ack the end; without result, error texts and follow-up jobs if it came from the log
 * @param content where the result or the error is; null: on the heap, in {@code ack}
 * @param followUps jobs that come in the same unit
 */
record Ending(Ack ack, @Nullable Content content, List<Draft> followUps) {

  static List<Ending> of(List<Ack> acks) {
    List<Ending> endings = new ArrayList<>(acks.size());
    for (Ack ack : acks) {
      List<Draft> followUps = ack.followUps().isEmpty() ? List.of() : Draft.of(ack.followUps());
      endings.add(new Ending(ack, null, followUps));
    }
    return endings;
  }

  /** The result of a completed job; null when it has none. */
  @Nullable Content result() {
    if (content != null) {
      return content;
    }
    Bytes result = ack instanceof Ack.Completed completed ? completed.result() : null;
    return result == null ? null : Content.of(result);
  }

  static void write(Out out, Ack ack) {
    out.choice(ack.kind(), KINDS);
    Wire.lease(out, ack.lease());
    switch (ack.kind()) {
      case COMPLETED -> {
        Ack.Completed completed = (Ack.Completed) ack;
        out.optional(completed.result(), out::content);
        out.optional(completed.retention(), out::duration);
      }
      case RETRY -> {
        out.instant(((Ack.Retry) ack).at());
        error(out, ((Ack.Retry) ack).error());
      }
      case DEAD -> error(out, ((Ack.Dead) ack).error());
      case RELEASED -> {
        out.optional(((Ack.Released) ack).at(), out::instant);
        out.optional(((Ack.Released) ack).reason(), out::name);
      }
      case CANCELLED -> out.name(((Ack.Cancelled) ack).reason());
    }
    out.list(ack.followUps(), job -> Wire.job(out, job));
  }

  /** The fingerprint is what decisions may need; the rest is content. */
  private static void error(Out out, ErrorInfo error) {
    out.name(error.fingerprint());
    out.content(Attempt.write(error));
  }

  private static final List<Ack.Kind> KINDS =
      List.of(
          Ack.Kind.COMPLETED, Ack.Kind.RETRY, Ack.Kind.DEAD, Ack.Kind.RELEASED, Ack.Kind.CANCELLED);

  static Ending read(In in) {
    Ack.Kind kind = in.choice(KINDS);
    Lease lease = Wire.lease(in);
    return switch (kind) {
      case COMPLETED -> {
        Content result = in.optional(in::content);
        Duration retention = in.optional(in::duration);
        yield with(in, new Ack.Completed(lease, null, retention, List.of()), result);
      }
      case RETRY -> {
        Instant at = in.instant();
        ErrorInfo error = new ErrorInfo("", in.name(), "", "");
        yield with(in, new Ack.Retry(lease, at, error), in.content());
      }
      case DEAD -> {
        ErrorInfo error = new ErrorInfo("", in.name(), "", "");
        yield with(in, new Ack.Dead(lease, error), in.content());
      }
      case RELEASED -> {
        Instant at = in.optional(in::instant);
        yield with(in, new Ack.Released(lease, at, in.optional(in::name)), null);
      }
      case CANCELLED -> with(in, new Ack.Cancelled(lease, in.name()), null);
    };
  }

  private static Ending with(In in, Ack ack, @Nullable Content content) {
    return new Ending(ack, content, in.list(() -> Wire.draft(in)));
  }
}
