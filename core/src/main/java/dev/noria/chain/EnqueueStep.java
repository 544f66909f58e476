package dev.noria.chain;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.middleware.EnqueueChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one link of the enqueue chain sees of one call. A link that fails after it has proceeded
 * does not undo what is stored: the receipts from inside stand.
 */
final class EnqueueStep implements EnqueueChain {
  private static final Logger LOG = LoggerFactory.getLogger(Chains.class);

  private final Link[] links;
  private final int index;
  private final List<NewJob> jobs;
  private final Function<List<NewJob>, List<EnqueueReceipt>> innermost;
  private boolean proceeded;

  /** The merged receipts, once the links inside have answered. */
  private @Nullable List<EnqueueReceipt> answered;

  /** The receipts of the settled jobs at their places; null as long as none is settled. */
  private @Nullable EnqueueReceipt @Nullable [] settled;

  /** The step of the next link; null before it, and where only the storage comes next. */
  private @Nullable EnqueueStep next;

  private EnqueueStep(
      Link[] links,
      int index,
      List<NewJob> jobs,
      Function<List<NewJob>, List<EnqueueReceipt>> innermost) {
    this.links = links;
    this.index = index;
    this.jobs = jobs;
    this.innermost = innermost;
  }

  static List<EnqueueReceipt> run(
      Link[] links,
      int index,
      List<NewJob> jobs,
      Function<List<NewJob>, List<EnqueueReceipt>> innermost) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    return index < links.length
        ? new EnqueueStep(links, index, jobs, innermost).around()
        : store(jobs, innermost);
  }

  private static List<EnqueueReceipt> store(
      List<NewJob> jobs, Function<List<NewJob>, List<EnqueueReceipt>> innermost) {
    List<EnqueueReceipt> receipts = innermost.apply(jobs);
    if (receipts.size() != jobs.size()) {
      throw new IllegalStateException(
          "The storage answered " + receipts.size() + " receipts for " + jobs.size() + " jobs.");
    }
    return receipts;
  }

  @Override
  public List<NewJob> jobs() {
    return jobs;
  }

  @Override
  public void reject(NewJob job, String reason) {
    answer(job, EnqueueReceipt.rejected(job.id(), reason));
  }

  @Override
  public void answer(NewJob job, EnqueueReceipt receipt) {
    if (proceeded) {
      throw Misuse.of(
          link(), "settled job " + job.id() + " after it had proceeded", "Settle jobs before.");
    }
    if (settled == null) {
      settled = new EnqueueReceipt[jobs.size()];
    }
    settled[place(job, settled)] = receipt;
  }

  /**
   * Two jobs of one call may have the same id: the very object comes first, then the first open.
   */
  @SuppressWarnings("ReferenceEquality")
  private int place(NewJob job, @Nullable EnqueueReceipt[] settled) {
    int found = -1;
    for (int i = 0; i < jobs.size(); i++) {
      NewJob candidate = jobs.get(i);
      if (settled[i] == null && candidate.id().equals(job.id())) {
        if (candidate == job) {
          return i;
        }
        found = found < 0 ? i : found;
      }
    }
    if (found < 0) {
      throw Misuse.of(
          link(),
          "settled job " + job.id() + ", which is not open in this call",
          "Expected one of jobs(), each at most once.");
    }
    return found;
  }

  @Override
  public List<EnqueueReceipt> proceed() {
    checkFirst();
    return merge(settled == null ? jobs : open(jobs));
  }

  @Override
  public List<EnqueueReceipt> proceed(List<NewJob> changed) {
    checkFirst();
    List<NewJob> open = settled == null ? jobs : open(jobs);
    List<NewJob> next = changed.size() == open.size() ? changed : openOfAll(changed);
    checkIds(next, open);
    return merge(List.copyOf(next));
  }

  private void checkFirst() {
    if (proceeded) {
      throw Misuse.twice(link(), Point.ENQUEUE);
    }
  }

  private List<NewJob> openOfAll(List<NewJob> changed) {
    if (changed.size() != jobs.size()) {
      throw Misuse.changed(
          link(), Point.ENQUEUE, changed.size() + " jobs instead of " + jobs.size());
    }
    checkIds(changed, jobs);
    return open(changed);
  }

  private void checkIds(List<NewJob> changed, List<NewJob> expected) {
    for (int i = 0; i < expected.size(); i++) {
      @Nullable NewJob job = changed.get(i);
      if (job == null || !job.id().equals(expected.get(i).id())) {
        throw Misuse.changed(
            link(),
            Point.ENQUEUE,
            (job == null ? "null" : "job " + job.id()) + " instead of " + expected.get(i).id());
      }
    }
  }

  private List<NewJob> open(List<NewJob> all) {
    @Nullable EnqueueReceipt[] places = settled;
    if (places == null) {
      return all;
    }
    List<NewJob> open = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      if (places[i] == null) {
        open.add(all.get(i));
      }
    }
    return open;
  }

  private List<EnqueueReceipt> merge(List<NewJob> open) {
    proceeded = true;
    List<EnqueueReceipt> inner = inward(List.copyOf(open));
    List<EnqueueReceipt> all = settled == null ? inner : merge(inner, settled);
    answered = all;
    return all;
  }

  private List<EnqueueReceipt> inward(List<NewJob> open) {
    if (open.isEmpty() || index + 1 == links.length) {
      return run(links, index + 1, open, innermost);
    }
    next = new EnqueueStep(links, index + 1, open, innermost);
    return next.around();
  }

  @Override
  public Optional<String> settledBy(int which) {
    int place = openPlace(which);
    return next == null || place < 0 ? Optional.empty() : next.settler(place);
  }

  /** Who settled a job at this link or further inside. */
  private Optional<String> settler(int which) {
    return !proceeded || openPlace(which) < 0 ? Optional.of(link().plugin()) : settledBy(which);
  }

  /** Where a job stands for the next link; negative when it was settled here. */
  private int openPlace(int which) {
    @Nullable EnqueueReceipt[] places = settled;
    if (places == null) {
      return which;
    }
    int open = 0;
    for (int i = 0; i < which; i++) {
      open += places[i] == null ? 1 : 0;
    }
    return places[which] == null ? open : -1;
  }

  private List<EnqueueReceipt> merge(
      List<EnqueueReceipt> inner, @Nullable EnqueueReceipt[] settled) {
    List<EnqueueReceipt> merged = new ArrayList<>(jobs.size());
    int next = 0;
    for (@Nullable EnqueueReceipt receipt : settled) {
      merged.add(receipt == null ? inner.get(next++) : receipt);
    }
    return List.copyOf(merged);
  }

  private List<EnqueueReceipt> around() {
    try {
      return checked(link().middleware().enqueue(this));
    } catch (Throwable error) {
      List<EnqueueReceipt> stored = answered;
      if (stored == null) {
        throw error;
      }
      LOG.warn(
          "The plugin '{}' failed after the jobs were enqueued; their receipts stand.",
          link().plugin(),
          error);
      return stored;
    }
  }

  private List<EnqueueReceipt> checked(@Nullable List<EnqueueReceipt> answer) {
    if (answer == null) {
      throw Misuse.nothing(link(), Point.ENQUEUE);
    }
    if (answer.size() != jobs.size()) {
      throw Misuse.count(link(), Point.ENQUEUE, answer.size(), jobs.size());
    }
    for (@Nullable EnqueueReceipt receipt : answer) {
      if (receipt == null) {
        throw Misuse.nothing(link(), Point.ENQUEUE);
      }
    }
    return answer;
  }

  private Link link() {
    return links[index];
  }
}
