package dev.noria.tck.history;

import static java.util.Comparator.comparingInt;
import static java.util.Comparator.comparingLong;

import dev.noria.storage.CallId;
import dev.noria.tck.history.Entry.Dequeued;
import dev.noria.tck.history.Entry.LeaseRef;
import dev.noria.tck.history.History.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs were leased at once, whoever leased them: for limits (S2.5). Counted is only what
 * was certainly leased: from the reply that handed a job out until its ack is sent, its process is
 * killed, or the lease that the reply gave is over. So no count is too high. Immutable.
 */
public final class Occupancy {
  /** A lease from the reply that gave it. */
  private record Held(String line, String process, long from, long until) {}

  /** One more or one less of a line. */
  private record Step(long nanos, int change, String line) {}

  private final Map<String, Integer> most;

  private Occupancy(Map<String, Integer> most) {
    this.most = Map.copyOf(most);
  }

  /**
   * Counts by what {@code line} answers.
   *
   * @param lease how long a lease holds
   */
  public static Occupancy of(History history, Duration lease, Function<Dequeued, String> line) {
    Map<CallId, Long> sentAt = new HashMap<>();
    Set<String> killed = new HashSet<>();
    Map<LeaseRef, Held> open = new HashMap<>();
    List<Step> steps = new ArrayList<>();
    for (Line said : history.lines()) {
      long at = said.nanos();
      if (said.entry() instanceof Entry.ExchangeSent sent) {
        sentAt.put(sent.call(), at);
      } else if (killed.contains(said.process())) {
        // A kill is said before it happens: what its process still says may be over already.
      } else if (said.entry() instanceof Dequeued dequeued) {
        long until = sentAt.getOrDefault(dequeued.call(), at) + lease.toNanos();
        open.put(dequeued.lease(), new Held(line.apply(dequeued), said.process(), at, until));
      } else if (said.entry() instanceof Entry.AckSent ack) {
        end(open.remove(ack.lease()), at, steps);
      } else if (said.entry() instanceof Entry.ExtendSent extend && extend.abandoned()) {
        end(open.remove(extend.lease()), at, steps);
      } else if (said.entry() instanceof Entry.ProcessKilled kill) {
        killed.add(kill.name());
        List<Map.Entry<LeaseRef, Held>> dead =
            open.entrySet().stream()
                .filter(held -> held.getValue().process().equals(kill.name()))
                .toList();
        dead.forEach(held -> end(open.remove(held.getKey()), at, steps));
      }
    }
    open.values().forEach(held -> end(held, held.until(), steps));
    return new Occupancy(sweep(steps));
  }

  private static void end(@Nullable Held held, long at, List<Step> steps) {
    long until = held == null ? Long.MIN_VALUE : Math.min(at, held.until());
    if (held != null && until > held.from()) {
      steps.add(new Step(held.from(), 1, held.line()));
      steps.add(new Step(until, -1, held.line()));
    }
  }

  /** Ends first: what ends at the very instant another begins is not counted twice. */
  private static Map<String, Integer> sweep(List<Step> steps) {
    List<Step> sorted = new ArrayList<>(steps);
    sorted.sort(comparingLong(Step::nanos).thenComparing(comparingInt(Step::change)));
    Map<String, Integer> now = new HashMap<>();
    Map<String, Integer> most = new HashMap<>();
    for (Step step : sorted) {
      int count = now.merge(step.line(), step.change(), Integer::sum);
      most.merge(step.line(), count, Math::max);
    }
    return most;
  }

  /** Most of {@code line} at once; 0 when it never had any. */
  public int most(String line) {
    return most.getOrDefault(line, 0);
  }

  /** Most at once by line. */
  public Map<String, Integer> most() {
    return most;
  }
}
