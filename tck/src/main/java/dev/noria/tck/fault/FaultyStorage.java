package dev.noria.tck.fault;

import static java.util.Objects.requireNonNull;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageInfo;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Breaks on purpose whatever passes through it, capabilities included; {@link #info} and {@link
 * #close} always work. Owns the storage below. Thread-safe.
 */
public final class FaultyStorage implements JobStorage {
  private final JobStorage inner;
  private final AtomicLong number = new AtomicLong();
  private final Map<Operation, AtomicLong> counts = new EnumMap<>(Operation.class);
  private final Map<Operation, Queue<Hold>> holds = new EnumMap<>(Operation.class);
  private final Map<Class<?>, Object> capabilities = new ConcurrentHashMap<>();
  private volatile Faults faults = Faults.none();
  private volatile boolean down;

  private FaultyStorage(JobStorage inner) {
    this.inner = requireNonNull(inner, "inner");
    for (Operation operation : Operation.values()) {
      counts.put(operation, new AtomicLong());
      holds.put(operation, new ConcurrentLinkedQueue<>());
    }
  }

  /** Breaks nothing until it is told to. */
  public static FaultyStorage over(JobStorage inner) {
    return new FaultyStorage(inner);
  }

  /** From now on every call is refused with UNAVAILABLE, until {@link #up}. */
  public FaultyStorage down() {
    down = true;
    return this;
  }

  /** Ends what {@link #down} began. */
  public FaultyStorage up() {
    down = false;
    return this;
  }

  /** What happens to the calls from now on, instead of what was said before. */
  public FaultyStorage with(Faults schedule) {
    number.set(0);
    faults = requireNonNull(schedule, "schedule");
    return this;
  }

  /** Holds one coming call before it happens. */
  public Hold holdBefore(Operation operation) {
    return hold(operation, new Hold(false));
  }

  /** Holds the reply of one coming call: it has happened, but the caller does not know. */
  public Hold holdAfter(Operation operation) {
    return hold(operation, new Hold(true));
  }

  private Hold hold(Operation operation, Hold hold) {
    queue(operation).add(hold);
    return hold;
  }

  private Queue<Hold> queue(Operation operation) {
    return requireNonNull(holds.get(operation), "holds");
  }

  /** How many calls of {@code operation} came, broken ones included. */
  public long calls(Operation operation) {
    return requireNonNull(counts.get(operation), "counts").get();
  }

  private <T> T call(Operation operation, Supplier<T> call) {
    requireNonNull(counts.get(operation), "counts").incrementAndGet();
    Hold hold = queue(operation).poll();
    if (hold != null && !hold.afterwards) {
      hold.pass();
    }
    if (down) {
      throw broken(operation, Fault.REFUSED, "the storage is down");
    }
    Fault fault = faults.next(operation, number.incrementAndGet());
    if (fault == Fault.REFUSED || fault == Fault.REQUEST_LOST || fault == Fault.BUG) {
      throw broken(operation, fault, "on purpose, before it happened");
    }
    T reply = call.get();
    if (hold != null && hold.afterwards) {
      hold.pass();
    }
    if (fault == Fault.REPLY_LOST) {
      throw broken(operation, fault, "on purpose, after it happened");
    }
    return reply;
  }

  private static StorageException broken(Operation operation, Fault fault, String why) {
    return new StorageException(
        fault == Fault.BUG ? StorageException.Kind.INTERNAL : StorageException.Kind.UNAVAILABLE,
        fault == Fault.REQUEST_LOST || fault == Fault.REPLY_LOST,
        operation + " failed: " + why + ". Expected in a test of faults only.",
        null);
  }

  @Override
  public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
    return call(Operation.ENQUEUE, () -> inner.enqueue(call, jobs, now));
  }

  @Override
  public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
    return call(Operation.EXCHANGE, () -> inner.exchange(call, acks, request, now));
  }

  @Override
  public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
    return call(Operation.EXTEND, () -> inner.extend(leases, expiresAt, now));
  }

  @Override
  public Maintained maintain(int limit, Instant now) {
    return call(Operation.MAINTAIN, () -> inner.maintain(limit, now));
  }

  @Override
  public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return call(Operation.FIND, () -> inner.find(ids, parts));
  }

  @Override
  public StorageInfo info() {
    return inner.info();
  }

  @Override
  public <T extends Capability> Optional<T> capability(Class<T> type) {
    return inner
        .capability(type)
        .map(found -> type.cast(capabilities.computeIfAbsent(type, any -> broken(type, found))));
  }

  private <T extends Capability> T broken(Class<T> type, T found) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getName().equals("equals") && method.getDeclaringClass() == Object.class
                    ? self == arguments[0]
                    : pass(found, method, arguments));
    return type.cast(proxy);
  }

  private Object pass(Object found, Method method, Object[] arguments) {
    if (method.getDeclaringClass() == Object.class) {
      return invoke(found, method, arguments);
    }
    return call(Operation.CAPABILITY, () -> invoke(found, method, arguments));
  }

  private static Object invoke(Object found, Method method, Object[] arguments) {
    try {
      return method.invoke(found, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(method + " threw a checked exception.", e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " is not accessible.", e);
    }
  }

  @Override
  public void close() {
    inner.close();
  }
}
