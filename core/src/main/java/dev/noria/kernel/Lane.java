package dev.noria.kernel;

import dev.noria.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where concurrent calls of one kind gather into batches, without timers: while one batch is with
 * the storage, the next one forms. Whoever finds the lane idle leads the next batch on its own
 * thread; everybody else waits until a leader has done their call. At low load a batch is one call
 * and adds no delay; at high load batches grow by themselves.
 *
 * <p>Calls are never torn apart: a caller's items travel in one batch. Waiting is not
 * interruptible; an interrupt stays pending. A batch that fails for a lasting reason is repeated
 * call by call, so that one bad item does not fail its neighbours.
 */
final class Lane<I, O> {
  private static final int KIB = 1024;

  private final Batch<I, O> batch;
  private final LongSupplier nanos;
  private final int maxItems;
  private final long maxBytes;
  private final Duration timeout;
  private final Semaphore freeItems;
  private final Semaphore freeKib;
  private final int itemBound;
  private final int kibBound;
  private final ConcurrentLinkedQueue<Call<I, O>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean led = new AtomicBoolean();

  /**
   * Does one batch: one output per input, in order. Repeats what is worth repeating itself, until
   * the monotonic clock says {@code giveUpNanos}.
   */
  interface Batch<I, O> {
    List<O> run(List<I> items, long giveUpNanos);
  }

  /** How much a batch may carry, how much may wait, and for how long a full lane is waited for. */
  record Bounds(int batchItems, long batchBytes, int items, long bytes, Duration timeout) {}

  private static final class Call<I, O> {
    final List<I> items;
    final long bytes;
    final long deadlineNanos;
    final AtomicBoolean taken = new AtomicBoolean();
    final Thread caller = Thread.currentThread();
    @Nullable List<O> outputs;
    @Nullable RuntimeException failure;
    volatile boolean done;

    Call(List<I> items, long bytes, long deadlineNanos) {
      this.items = items;
      this.bytes = bytes;
      this.deadlineNanos = deadlineNanos;
    }
  }

  Lane(Batch<I, O> batch, Bounds bounds, LongSupplier nanos) {
    this.batch = batch;
    this.nanos = nanos;
    this.maxItems = bounds.batchItems();
    this.maxBytes = bounds.batchBytes();
    this.timeout = bounds.timeout();
    this.itemBound = bounds.items();
    this.kibBound = Math.toIntExact(bounds.bytes() / KIB);
    this.freeItems = new Semaphore(itemBound);
    this.freeKib = new Semaphore(kibBound);
  }

  /** Does {@code items} as part of some batch and returns when that is done. */
  List<O> submit(List<I> items, long bytes) {
    int needItems = Math.min(items.size(), itemBound);
    int needKib = (int) Math.min(bytes / KIB + 1, kibBound);
    long deadline = nanos.getAsLong() + timeout.toNanos();
    acquire(needItems, needKib, deadline);
    try {
      return submitAdmitted(new Call<>(items, bytes, deadline));
    } finally {
      freeItems.release(needItems);
      freeKib.release(needKib);
    }
  }

  private void acquire(int items, int kib, long deadline) {
    if (acquire(freeItems, items, deadline)) {
      if (acquire(freeKib, kib, deadline)) {
        return;
      }
      freeItems.release(items);
    }
    throw new StorageException(
        StorageException.Kind.UNAVAILABLE,
        "The enqueue lane was full for "
            + timeout
            + ": the storage does not keep up, or does not"
            + " answer. Expected room for the call; slow down, or raise the enqueue timeout.");
  }

  private boolean acquire(Semaphore semaphore, int permits, long deadline) {
    if (semaphore.tryAcquire(permits)) {
      return true;
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long left = deadline - nanos.getAsLong();
          return semaphore.tryAcquire(permits, left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<O> submitAdmitted(Call<I, O> call) {
    if (waiting.isEmpty() && led.compareAndSet(false, true)) {
      lead(List.of(call)); // nobody else has seen it: it needs no taking
    } else {
      waiting.add(call);
      awaitTurn(call);
    }
    RuntimeException failure = call.failure;
    if (failure != null) {
      throw failure;
    }
    List<O> outputs = call.outputs;
    if (outputs == null) {
      throw new IllegalStateException("The lane lost a call.");
    }
    return outputs;
  }

  private void awaitTurn(Call<I, O> call) {
    boolean interrupted = false;
    while (!call.done) {
      long left = call.deadlineNanos - nanos.getAsLong();
      if (led.compareAndSet(false, true)) {
        lead(gather());
      } else if (left > 0) {
        LockSupport.parkNanos(this, left);
        interrupted |= Thread.interrupted();
      } else if (call.taken.compareAndSet(false, true)) {
        leave(call);
      } else {
        LockSupport.park(this); // whoever took it gives up in time
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A call that nobody has begun goes without having happened. */
  private void leave(Call<I, O> call) {
    boolean ignored = waiting.remove(call);
    call.failure =
        new StorageException(
            StorageException.Kind.UNAVAILABLE,
            "The call waited in the enqueue lane for "
                + timeout
                + ": the storage does not answer those before it. Nothing of the call is stored;"
                + " try again later, or raise the enqueue timeout.");
    call.done = true;
    wakeNext(); // the lead may have been handed to this one
  }

  private void wakeNext() {
    Call<I, O> next = waiting.peek();
    if (next != null) {
      LockSupport.unpark(next.caller);
    }
  }

  /**
   * The calls of the next batch. Those who came much later have more time left: they wait for a
   * batch of their own, so that nobody gives up early, and nobody waits much longer than the
   * timeout.
   */
  private List<Call<I, O>> gather() {
    List<Call<I, O>> calls = new ArrayList<>();
    int items = 0;
    long bytes = 0;
    for (Call<I, O> next = waiting.peek(); next != null; next = waiting.peek()) {
      items += next.items.size();
      bytes += next.bytes;
      if (!calls.isEmpty()
          && (items > maxItems || bytes > maxBytes || isMuchLater(next, calls.get(0)))) {
        break;
      }
      boolean ignored = waiting.remove(next); // not poll: it may have left meanwhile
      if (next.taken.compareAndSet(false, true)) {
        calls.add(next);
      }
    }
    return calls;
  }

  private boolean isMuchLater(Call<I, O> call, Call<I, O> first) {
    return call.deadlineNanos - first.deadlineNanos > timeout.toNanos() / 4;
  }

  /** Runs one batch, hands the lead on, and only then wakes those whose calls are done. */
  private void lead(List<Call<I, O>> calls) {
    try {
      if (!calls.isEmpty()) {
        run(calls);
      }
    } finally {
      led.set(false);
      wakeNext();
      Thread self = Thread.currentThread();
      for (Call<I, O> call : calls) {
        call.done = true;
        if (call.caller != self) {
          LockSupport.unpark(call.caller);
        }
      }
    }
  }

  private void run(List<Call<I, O>> calls) {
    if (calls.size() == 1) {
      runOne(calls.get(0));
      return;
    }
    List<I> all = new ArrayList<>();
    long giveUp = calls.get(0).deadlineNanos;
    for (Call<I, O> call : calls) {
      all.addAll(call.items);
      giveUp = call.deadlineNanos - giveUp > 0 ? call.deadlineNanos : giveUp;
    }
    try {
      List<O> outputs = batch.run(all, giveUp);
      int from = 0;
      for (Call<I, O> call : calls) {
        call.outputs = outputs.subList(from, from + call.items.size());
        from += call.items.size();
      }
    } catch (StorageException e) {
      if (e.isTransient() && !Calls.isBug(e)) {
        calls.forEach(call -> call.failure = e);
      } else {
        calls.forEach(this::runOne);
      }
    } catch (RuntimeException e) {
      calls.forEach(this::runOne);
    } catch (Throwable e) {
      calls.forEach(call -> call.failure = died(e));
      throw e;
    }
  }

  private void runOne(Call<I, O> call) {
    try {
      call.outputs = batch.run(call.items, call.deadlineNanos);
    } catch (RuntimeException e) {
      call.failure = e;
    } catch (Throwable e) {
      call.failure = died(e);
      throw e;
    }
  }

  private static StorageException died(Throwable error) {
    return new StorageException(
        StorageException.Kind.INTERNAL, true, "The storage call died: " + error, error);
  }
}
