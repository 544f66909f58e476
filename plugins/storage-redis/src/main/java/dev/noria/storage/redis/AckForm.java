package dev.noria.storage.redis;

import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Lease;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Acks as arguments of the exchange script. */
final class AckForm {
  private AckForm() {}

  static void write(Pack out, List<Ack> acks) {
    out.list(acks.size());
    for (Ack ack : acks) {
      switch (ack.kind()) {
        case COMPLETED -> completed(out, (Ack.Completed) ack);
        case RETRY -> {
          Ack.Retry retry = (Ack.Retry) ack;
          head(out, 6, 1, ack.lease());
          out.number(retry.at().toEpochMilli());
          Views.error(out, retry.error());
        }
        case DEAD -> {
          head(out, 6, 2, ack.lease());
          Views.error(out, ((Ack.Dead) ack).error());
          followUps(out, ack.followUps());
        }
        case RELEASED -> {
          Ack.Released released = (Ack.Released) ack;
          head(out, 6, 3, ack.lease());
          instant(out, released.at());
          out.textOrNothing(released.reason());
        }
        case CANCELLED -> {
          head(out, 6, 4, ack.lease());
          out.text(((Ack.Cancelled) ack).reason());
          followUps(out, ack.followUps());
        }
      }
    }
  }

  private static void completed(Pack out, Ack.Completed ack) {
    head(out, 7, 0, ack.lease());
    if (ack.retention() == null) {
      out.nothing();
    } else {
      out.number(ack.retention().toMillis());
    }
    out.rawOrNothing(ack.result());
    followUps(out, ack.followUps());
  }

  private static void head(Pack out, int values, int kind, Lease lease) {
    out.list(values).number(kind);
    lease(out, lease);
  }

  static void lease(Pack out, Lease lease) {
    out.id(lease.id()).number(lease.epoch()).bits(lease.nonce());
  }

  private static void instant(Pack out, @Nullable Instant at) {
    if (at == null) {
      out.nothing();
    } else {
      out.number(at.toEpochMilli());
    }
  }

  private static void followUps(Pack out, List<NewJob> jobs) {
    if (jobs.isEmpty()) {
      out.nothing();
    } else {
      JobForm.writeAll(out, jobs);
    }
  }
}
