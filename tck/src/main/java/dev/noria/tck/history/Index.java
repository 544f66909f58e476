package dev.noria.tck.history;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.StoredJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.tck.history.History.Line;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history by job, by call and by queue. A place is a position in the merged history: what stands
 * before was said before.
 */
final class Index {
  /** The place of what never happened. */
  static final int NEVER = Integer.MAX_VALUE;

  final FinalState end;
  final Promise promise;
  final World world = new World();
  private final List<Line> lines;
  private final long[] clock;
  private final Map<JobId, JobView> jobs = new LinkedHashMap<>();
  private final Map<CallId, Call> calls = new LinkedHashMap<>();
  private final Map<String, Unknowns> unknownExchanges = new HashMap<>();
  private Unknowns unknownMaintains = Unknowns.NONE;

  private Index(List<Line> lines, FinalState end, Promise promise) {
    this.lines = lines;
    this.end = end;
    this.promise = promise;
    this.clock = new long[lines.size()];
  }

  static Index of(List<Line> lines, FinalState end, Promise promise) {
    Index index = new Index(lines, end, promise);
    Reader reader = new Reader(index);
    long present = Long.MIN_VALUE;
    for (int at = 0; at < lines.size(); at++) {
      Line line = lines.get(at);
      Instant now = line.entry().now();
      present = now == null ? present : Math.max(present, now.toEpochMilli());
      index.clock[at] = present;
      reader.read(line, at);
    }
    for (StoredJob job : end.jobs()) {
      index.job(job.id()).stored = job;
    }
    index.jobs.values().forEach(index::markReplaced);
    index.findUnknowns();
    return index;
  }

  private void markReplaced(JobView job) {
    for (Sending sending : job.sendings.values()) {
      if (sending.answer != null
          && sending.answer.status() == EnqueueReceipt.Status.REPLACED
          && jobs.containsKey(sending.answer.existing())) {
        job(sending.answer.existing()).replaced = true;
      }
    }
  }

  JobView job(JobId id) {
    return jobs.computeIfAbsent(id, JobView::new);
  }

  boolean knows(JobId id) {
    return jobs.containsKey(id);
  }

  Call call(CallId id, int at) {
    return calls.computeIfAbsent(id, any -> new Call(id, lines.get(at).process(), at));
  }

  Collection<JobView> jobs() {
    return jobs.values();
  }

  Collection<Call> calls() {
    return calls.values();
  }

  long runs() {
    return jobs.values().stream().mapToLong(job -> job.taken().size()).sum();
  }

  private void findUnknowns() {
    long[] nanos = lines.stream().mapToLong(Line::nanos).toArray();
    // A request that is on its way when its caller gives up may still arrive.
    long grace = promise.lease().toNanos();
    Map<String, List<Call>> exchanges = new HashMap<>();
    List<Call> maintains = new ArrayList<>();
    for (Call call : calls.values()) {
      if (call.isUnknown() && call.maintain) {
        maintains.add(call);
      } else if (call.isUnknown() && call.exchange != null) {
        for (String queue : call.exchange.queues()) {
          exchanges.computeIfAbsent(queue, name -> new ArrayList<>()).add(call);
        }
      }
    }
    unknownMaintains = Unknowns.of(maintains, nanos, grace);
    exchanges.forEach(
        (queue, calls) -> unknownExchanges.put(queue, Unknowns.of(calls, nanos, grace)));
  }

  /** The first place from {@code from} on where a maintain of unknown outcome may have come. */
  int unknownMaintain(int from) {
    return unknownMaintains.firstFrom(from);
  }

  /** The first place where an exchange of unknown outcome may have taken jobs of a queue. */
  int unknownExchange(String queue, int from) {
    return unknownExchanges.getOrDefault(queue, Unknowns.NONE).firstFrom(from);
  }

  /** The latest present that anybody had told the storage up to a place. */
  Instant clockAt(int at) {
    long millis = clock.length == 0 ? 0 : clock[Math.min(at, clock.length - 1)];
    return Instant.ofEpochMilli(Math.max(0, millis));
  }

  /** Where the clock first reached {@code instant}. */
  int whenClockReached(Instant instant) {
    int low = 0;
    int high = clock.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (clock[middle] >= instant.toEpochMilli()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == clock.length ? NEVER : low;
  }

  /** Whether a fault beyond the promise may have undone what was acknowledged at a place. */
  boolean mayBeUndone(int acknowledgedAt) {
    return undoneAt(acknowledgedAt) != NEVER;
  }

  /** Where the first fault begins that may have undone what was acknowledged at a place. */
  int undoneAt(int acknowledgedAt) {
    if (acknowledgedAt == NEVER) {
      return NEVER;
    }
    long nanos = lines.get(acknowledgedAt).nanos();
    return world.faults.stream()
        .filter(fault -> fault.survivedBy.compareTo(promise.durability()) > 0)
        .filter(fault -> fault.endedAt > acknowledgedAt)
        .filter(
            fault ->
                promise
                        .lossWindow()
                        .compareTo(Duration.ofNanos(lines.get(fault.beganAt).nanos() - nanos))
                    >= 0)
        .mapToInt(fault -> fault.beganAt)
        .min()
        .orElse(NEVER);
  }

  /** Whether a fault that may undo calls lies at or after a place. */
  boolean mayUndo() {
    return world.faults.stream()
        .anyMatch(fault -> fault.survivedBy.compareTo(promise.durability()) > 0);
  }

  /** For how long nothing has been disturbed; negative while a fault goes on. */
  Duration calm() {
    long last = lines.isEmpty() ? end.nanos() : lines.get(0).nanos();
    for (World.Fault fault : world.faults) {
      if (fault.endedAt == NEVER) {
        return Duration.ofNanos(-1);
      }
      last = Math.max(last, lines.get(fault.endedAt).nanos());
    }
    return Duration.ofNanos(end.nanos() - last);
  }

  /** What happened to processes, queues and schedules. */
  static final class World {
    final List<Fault> faults = new ArrayList<>();
    final Map<String, List<Integer>> kills = new HashMap<>();
    final Map<String, List<Pause>> pauses = new HashMap<>();
    final List<Sweep> sweeps = new ArrayList<>();
    final Map<String, Map<Instant, List<JobId>>> ticks = new LinkedHashMap<>();
    final Map<JobId, Integer> ticked = new HashMap<>();

    /** A fault between two places. */
    static final class Fault {
      final String name;
      final Durability survivedBy;
      final int beganAt;
      int endedAt = NEVER;

      Fault(String name, Durability survivedBy, int beganAt) {
        this.name = name;
        this.survivedBy = survivedBy;
        this.beganAt = beganAt;
      }
    }

    /** A queue was paused between two places. */
    static final class Pause {
      final int from;
      int until = NEVER;

      Pause(int from) {
        this.from = from;
      }
    }

    /** Somebody emptied a queue, or all. */
    record Sweep(@Nullable String queue, int at) {}

    /**
     * Whether {@code process} was killed before a place. A kill is said before the signal: what the
     * process was still told in between died with it, too.
     */
    boolean killed(String process, int until) {
      return kills.getOrDefault(process, List.of()).stream().anyMatch(at -> at < until);
    }
  }
}
