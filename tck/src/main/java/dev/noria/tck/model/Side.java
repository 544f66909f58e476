package dev.noria.tck.model;

import dev.noria.job.Bytes;
import dev.noria.job.ErrorInfo;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.QueueCounts;
import dev.noria.job.QueuePolicy;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.Inspection;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Lease;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Maintained;
import dev.noria.storage.Registers;
import dev.noria.storage.Registers.Register;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the two storages of a comparison, with what a caller remembers of it. Both have the same
 * ids and names; replies are answered in a form in which both must be equal.
 */
final class Side {
  private static final Duration LEASE = Duration.ofMillis(30_500);
  private static final int ALL = 1_000;
  private static final QueuePolicy LIMITED =
      QueuePolicy.UNLIMITED.withDefaults(GroupPolicy.UNLIMITED.withMaxRunning(2));

  private final JobStorage storage;
  private final long run;
  private final Map<JobId, List<Lease>> leases = new HashMap<>();
  private final Map<String, List<Long>> versions = new HashMap<>();
  private Supplier<Object> last = () -> "nothing";
  private long sequence;

  Side(JobStorage storage, long run) {
    this.storage = storage;
    this.run = run;
  }

  JobId id(int number) {
    return new JobId(run, 0x8000_0000_0000_0000L | number);
  }

  List<JobId> ids(int number) {
    return List.of(id(number));
  }

  String queue(int queue) {
    return "model-" + Long.toHexString(run) + "-" + queue;
  }

  Administration admin() {
    return storage.capability(Administration.class).orElseThrow();
  }

  private boolean hasAdmin() {
    return storage.capability(Administration.class).isPresent();
  }

  private Registers registers() {
    return storage.capability(Registers.class).orElseThrow();
  }

  /** Groups of queue 1 may run two jobs each. */
  void limit(Instant now) {
    if (hasAdmin()) {
      admin().setPolicy(queue(1), LIMITED, now);
    }
  }

  /** Remembers the call, so that it can be repeated, and makes it. */
  private Object call(Function<CallId, Object> call) {
    CallId id = new CallId(run, ++sequence);
    last = () -> call.apply(id);
    return last.get();
  }

  Object repeat() {
    return last.get();
  }

  Object enqueue(List<Spec> specs, Instant now) {
    List<NewJob> jobs = jobs(specs, now);
    return call(id -> storage.enqueue(id, jobs, now).stream().map(Normal::receipt).toList());
  }

  private List<NewJob> jobs(List<Spec> specs, Instant now) {
    return specs.stream().map(spec -> spec.job(this::id, this::queue, now)).toList();
  }

  Object dequeue(int limit, int worker, Instant now) {
    List<Demand> demands = List.of(new Demand(queue(0), limit), new Demand(queue(1), ALL));
    DequeueRequest request =
        new DequeueRequest(
            "worker-" + worker,
            run + worker,
            now.plus(LEASE),
            demands,
            ALL + limit,
            Long.MAX_VALUE,
            false,
            0);
    return call(id -> exchange(id, List.of(), request, now));
  }

  private Object exchange(CallId id, List<Ack> acks, DequeueRequest request, Instant now) {
    Exchange exchange = storage.exchange(id, acks, request, now);
    for (LeasedJob job : exchange.jobs()) {
      List<Lease> known = leases.computeIfAbsent(job.id(), any -> new ArrayList<>());
      if (!known.contains(job.lease())) {
        known.add(job.lease());
      }
    }
    return Normal.exchange(exchange, queue(0));
  }

  private Optional<Lease> lease(int job, int age) {
    List<Lease> known = leases.getOrDefault(id(job), List.of());
    int index = known.size() - 1 - age;
    return index < 0 ? Optional.empty() : Optional.of(known.get(index));
  }

  Object ack(Op.Settle op, Instant now) {
    Optional<Lease> lease = lease(op.job(), op.age());
    if (lease.isEmpty()) {
      return "no lease";
    }
    Ack ack = ack(op, lease.get(), now);
    DequeueRequest nothing = DequeueRequest.nothing("worker-0", run, now.plus(LEASE));
    return call(id -> exchange(id, List.of(ack), nothing, now));
  }

  private Ack ack(Op.Settle op, Lease lease, Instant now) {
    Instant at = Spec.due(now, op.delay(), op.job());
    List<NewJob> more = op.followUp() == null ? List.of() : jobs(List.of(op.followUp()), now);
    ErrorInfo error = ErrorInfo.of("MODEL", "failure " + op.delay());
    return switch (op.kind()) {
      case COMPLETED -> new Ack.Completed(lease, Bytes.utf8("r" + op.delay()), null, more);
      case RETRY -> new Ack.Retry(lease, at, error);
      case DEAD -> new Ack.Dead(lease, error, more);
      case RELEASED -> new Ack.Released(lease, op.delay() == 0 ? null : at, "released");
      case CANCELLED -> new Ack.Cancelled(lease, "cancelled", more);
    };
  }

  Object extend(Op.Extend op, Instant now) {
    Optional<Lease> lease = lease(op.job(), op.age());
    return lease.isEmpty()
        ? "no lease"
        : storage.extend(
            List.of(new LeaseUse(lease.get(), op.started())), now.plusSeconds(op.seconds()), now);
  }

  /** Says whether jobs of this run were touched. */
  boolean maintain(Instant now) {
    boolean touched = false;
    Maintained done;
    do {
      done = storage.maintain(ALL, now);
      touched |=
          isOurs(done.reclaimed())
              || isOurs(done.released())
              || done.ended().stream().anyMatch(job -> job.id().high() == run);
    } while (done.more());
    return touched;
  }

  private boolean isOurs(Collection<JobId> ids) {
    return ids.stream().anyMatch(id -> id.high() == run);
  }

  /** Leases everything that is there to lease; the order is that of the ids. */
  Object drain(Instant now) {
    if (hasAdmin()) {
      pause(0, false, now);
      pause(1, false, now);
      admin().setPolicy(queue(1), QueuePolicy.UNLIMITED, now);
    }
    Object drained = Normal.sorted(dequeue(ALL, 0, now));
    limit(now);
    return drained;
  }

  void pause(int queue, boolean on, Instant now) {
    if (on) {
      admin().pause(queue(queue), now);
    } else {
      admin().resume(queue(queue), now);
    }
  }

  Object purge(int queue, Instant now) {
    EnumSet<JobState> finished = EnumSet.of(JobState.COMPLETED, JobState.DEAD, JobState.CANCELLED);
    return admin().purge(queue(queue), finished, now.plusMillis(1), ALL, now);
  }

  private String register(int register) {
    return "model-" + Long.toHexString(run) + "-r" + register;
  }

  private long version(int register, Op.Guess guess) {
    List<Long> known = versions.getOrDefault(register(register), List.of());
    int index = known.size() - (guess == Op.Guess.LAST ? 1 : 2);
    return guess == Op.Guess.ZERO || index < 0 ? 0 : known.get(index);
  }

  Object write(Op.Write op, Instant now) {
    String name = register(op.register());
    long expected = version(op.register(), op.guess());
    Spec spec = op.spec();
    Bytes value = Bytes.utf8("value " + sequence);
    if (spec == null) {
      return written(registers().compareAndSet(name, expected, value, null, now).orElse(null));
    }
    List<NewJob> jobs = jobs(List.of(spec), now);
    return call(
        id -> {
          Optional<Registers.Advance> moved =
              registers().advance(id, name, expected, value, jobs, now);
          return List.of(
              written(moved.map(Registers.Advance::register).orElse(null)),
              moved.map(all -> all.receipts().stream().map(Normal::receipt).toList()).toString());
        });
  }

  private Object written(@Nullable Register register) {
    if (register == null) {
      return "not written";
    }
    List<Long> known = versions.computeIfAbsent(register.name(), any -> new ArrayList<>());
    if (!known.contains(register.version())) {
      known.add(register.version());
    }
    return register.value().toUtf8();
  }

  Object forget(Op.Forget op, Instant now) {
    return registers().delete(register(op.register()), version(op.register(), op.guess()), now);
  }

  QueueCounts counts(int queue) {
    return storage.capability(Inspection.class).orElseThrow().counts(queue(queue));
  }

  /** The stored jobs of the run by their numbers. */
  Map<Integer, StoredJob> jobs(Collection<Integer> numbers) {
    Map<Integer, StoredJob> jobs = new HashMap<>();
    storage
        .find(numbers.stream().map(this::id).toList(), EnumSet.allOf(Part.class))
        .forEach(job -> jobs.put((int) job.id().low(), job));
    return jobs;
  }
}
