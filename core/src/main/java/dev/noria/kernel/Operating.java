package dev.noria.kernel;

import dev.noria.job.WorkerInfo;
import dev.noria.storage.Registers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Steps of an operator's work that need more than one storage call. */
public final class Operating {
  private static final int PAGE = 1_000;

  private Operating() {}

  /** Repeats a bounded deletion until it deletes less than it may; answers the sum. */
  public static int repeat(IntUnaryOperator deletion) {
    int sum = 0;
    int last;
    do {
      last = deletion.applyAsInt(PAGE);
      sum += last;
    } while (last == PAGE);
    return sum;
  }

  /** The workers that have announced themselves. */
  public static List<WorkerInfo> workers(Kernel kernel) {
    Client client = kernel.client();
    return Presence.all(client.capability(Registers.class), kernel.codec(), client.clock().now());
  }

  /** Milliseconds, never early. */
  public static Instant roundUp(Instant instant) {
    Instant millis = instant.truncatedTo(ChronoUnit.MILLIS);
    return millis.equals(instant) ? millis : millis.plusMillis(1);
  }
}
