package dev.noria.chain;

import dev.noria.middleware.DequeueChain;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one link of the dequeue chain sees of one dequeue. */
final class DequeueStep implements DequeueChain {
  private final Link[] links;
  private final int index;
  private final DequeueRequest request;
  private final Function<DequeueRequest, List<LeasedJob>> innermost;
  private boolean proceeded;
  private @Nullable List<LeasedJob> inner;

  private DequeueStep(
      Link[] links,
      int index,
      DequeueRequest request,
      Function<DequeueRequest, List<LeasedJob>> innermost) {
    this.links = links;
    this.index = index;
    this.request = request;
    this.innermost = innermost;
  }

  static List<LeasedJob> run(
      Link[] links, DequeueRequest request, Function<DequeueRequest, List<LeasedJob>> innermost) {
    return from(links, 0, request, innermost);
  }

  private static List<LeasedJob> from(
      Link[] links,
      int index,
      DequeueRequest request,
      Function<DequeueRequest, List<LeasedJob>> innermost) {
    return index == links.length
        ? innermost.apply(request)
        : new DequeueStep(links, index, request, innermost).around();
  }

  @Override
  public DequeueRequest request() {
    return request;
  }

  @Override
  public List<LeasedJob> proceed() {
    return proceed(request);
  }

  @Override
  public List<LeasedJob> proceed(DequeueRequest changed) {
    if (proceeded) {
      throw Misuse.twice(links[index], Point.DEQUEUE);
    }
    proceeded = true;
    List<LeasedJob> answer = from(links, index + 1, changed, innermost);
    inner = answer;
    return answer;
  }

  private List<LeasedJob> around() {
    @Nullable List<LeasedJob> answer = links[index].middleware().dequeue(this);
    if (answer == null) {
      throw Misuse.nothing(links[index], Point.DEQUEUE);
    }
    List<LeasedJob> leased = inner;
    if (leased == null) {
      return List.of();
    }
    if (answer != leased) {
      check(answer, leased);
    }
    return answer;
  }

  /** A job that was not leased now would run without a lease. */
  private void check(List<LeasedJob> answer, List<LeasedJob> leased) {
    Set<Lease> left = new HashSet<>();
    for (LeasedJob job : leased) {
      left.add(job.lease());
    }
    for (@Nullable LeasedJob job : answer) {
      if (job == null || !left.remove(job.lease())) {
        throw Misuse.of(
            links[index],
            "returned "
                + (job == null ? "null" : "job " + job.id())
                + " around dequeue, which was not leased or is there twice",
            "Expected jobs that proceed answered, each once.");
      }
    }
  }
}
