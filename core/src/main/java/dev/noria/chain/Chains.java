package dev.noria.chain;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The chains of one queue, compiled once; per call a walk over an array. Immutable and thread-safe.
 */
public final class Chains {
  private final Map<Point, Link[]> links = new EnumMap<>(Point.class);
  private final Link[] enqueue;
  private final Link[] dequeue;
  private final Link[] process;
  private final Link[] ack;

  private Chains(List<Link> ordered) {
    for (Point point : Point.values()) {
      List<Link> wrapping = new ArrayList<>();
      for (Link link : ordered) {
        if (Overrides.has(link.middleware(), point)) {
          wrapping.add(link);
        }
      }
      links.put(point, wrapping.toArray(Link[]::new));
    }
    enqueue = of(Point.ENQUEUE);
    dequeue = of(Point.DEQUEUE);
    process = of(Point.PROCESS);
    ack = of(Point.ACK);
  }

  /** Compiles links that are in order already, outermost first. */
  public static Chains compile(List<Link> ordered) {
    return new Chains(ordered);
  }

  /** One enqueue call: jobs that a link settles do not reach {@code innermost}. */
  public List<EnqueueReceipt> enqueue(
      List<NewJob> jobs, Function<List<NewJob>, List<EnqueueReceipt>> innermost) {
    return EnqueueStep.run(enqueue, 0, jobs, innermost);
  }

  /** One dequeue; empty when a link does not proceed. */
  public List<LeasedJob> dequeue(
      DequeueRequest request, Function<DequeueRequest, List<LeasedJob>> innermost) {
    return DequeueStep.run(dequeue, request, innermost);
  }

  /** One attempt; never throws. */
  public Outcome process(LeasedJob job, Attempt context, Function<LeasedJob, Outcome> innermost) {
    return new ProcessStep.Run(process, context, innermost).from(0, job);
  }

  /** The acks of one exchange; they reach {@code innermost} exactly once, whatever the links do. */
  public List<AckReceipt> ack(List<Ack> acks, Function<List<Ack>, List<AckReceipt>> innermost) {
    return AckStep.run(ack, 0, acks, innermost);
  }

  /** Whether any link wraps this point. */
  public boolean has(Point point) {
    return of(point).length > 0;
  }

  /** The chain of one point as nested calls: {@code tracing(retries(timeout(handler)))}. */
  public String describe(Point point) {
    StringBuilder text = new StringBuilder();
    for (Link link : of(point)) {
      text.append(link.plugin()).append('(');
    }
    return text.append(point.innermost).append(")".repeat(of(point).length)).toString();
  }

  /** The chains of all points, one a line: {@code process: retries(handler)}. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    for (Point point : Point.values()) {
      text.append(text.isEmpty() ? "" : "\n").append(point.label()).append(": ");
      text.append(describe(point));
    }
    return text.toString();
  }

  private Link[] of(Point point) {
    return links.getOrDefault(point, new Link[0]);
  }
}
