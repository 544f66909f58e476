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
  private final int maxItems;
  private final long maxBytes;
  private final Duration timeout;
  private final Semaphore freeItems;
  private final Semaphore freeKib;
  private final int itemBound;
  private final int kibBound;
  private final ConcurrentLinkedQueue<Call<I, O>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean led = new AtomicBoolean();

  /** Does one batch: one output per input, in order. Repeats what is worth repeating itself. */
  interface Batch<I, O> {
    List<O> run(List<I> items);
  }

  /** How much a batch may carry, how much may wait, and for how long a full lane is waited for. */
  record Bounds(int batchItems, long batchBytes, int items, long bytes, Duration timeout) {}

  private static final class Call<I, O> {
    final List<I> items;
    final long bytes;
    final Thread caller = Thread.currentThread();
    @Nullable List<O> outputs;
    @Nullable RuntimeException failure;
    volatile boolean done;

    Call(List<I> items, long bytes) {
      this.items = items;
      this.bytes = bytes;
    }
  }

  Lane(Batch<I, O> batch, Bounds bounds) {
    this.batch = batch;
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
    acquire(needItems, needKib);
    try {
      return submitAdmitted(new Call<>(items, bytes));
    } finally {
      freeItems.release(needItems);
      freeKib.release(needKib);
    }
  }

  private void acquire(int items, int kib) {
    if (freeItems.tryAcquire(items)) {
      if (freeKib.tryAcquire(kib) || await(freeKib, kib)) {
        return;
      }
      freeItems.release(items);
    } else if (await(freeItems, items)) {
      if (freeKib.tryAcquire(kib) || await(freeKib, kib)) {
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

  private boolean await(Semaphore semaphore, int permits) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return semaphore.tryAcquire(permits, timeout.toNanos(), TimeUnit.NANOSECONDS);
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
      lead(List.of(call));
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
      if (led.compareAndSet(false, true)) {
        lead(gather());
      } else {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Call<I, O>> gather() {
    List<Call<I, O>> calls = new ArrayList<>();
    int items = 0;
    long bytes = 0;
    for (Call<I, O> next = waiting.peek(); next != null; next = waiting.peek()) {
      items += next.items.size();
      bytes += next.bytes;
      if (!calls.isEmpty() && (items > maxItems || bytes > maxBytes)) {
        break;
      }
      waiting.poll();
      calls.add(next);
    }
    return calls;
  }

  /** Runs one batch, hands the lead on, and only then wakes those whose calls are done. */
  private void lead(List<Call<I, O>> calls) {
    try {
      if (!calls.isEmpty()) {
        run(calls);
      }
    } finally {
      led.set(false);
      Call<I, O> next = waiting.peek();
      if (next != null) {
        LockSupport.unpark(next.caller);
      }
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
    for (Call<I, O> call : calls) {
      all.addAll(call.items);
    }
    try {
      List<O> outputs = batch.run(all);
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
      call.outputs = batch.run(call.items);
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
