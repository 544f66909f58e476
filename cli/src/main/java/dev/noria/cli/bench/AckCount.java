package dev.noria.cli.bench;

import dev.noria.middleware.AckChain;
import dev.noria.middleware.Middleware;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts jobs whose completion is stored. Exact: it sees each receipt after its commit. */
final class AckCount implements Middleware {
  private final List<Mark> marks = new CopyOnWriteArrayList<>();
  private final AtomicLong count = new AtomicLong();

  /** A number of jobs to wait for. */
  static final class Mark {
    private static final long MINUTES = 10;
    private final long target;
    private final CountDownLatch hit = new CountDownLatch(1);
    private volatile long count;
    private volatile long nanos;

    private Mark(long target) {
      this.target = target;
    }

    Mark await() throws InterruptedException {
      if (!hit.await(MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException(
            "Job " + target + " did not end within " + MINUTES + " minutes. Is the storage stuck?");
      }
      return this;
    }

    /** How many jobs had ended when it was passed; batches may pass it by some. */
    long count() {
      return count;
    }

    /** When it was passed. */
    long nanos() {
      return nanos;
    }
  }

  /** A mark that is passed when {@code target} jobs have ended in all. */
  Mark mark(long target) {
    Mark mark = new Mark(target);
    marks.add(mark);
    look(mark, System.nanoTime());
    return mark;
  }

  /** Called by the worker's one exchange loop. */
  @Override
  public List<AckReceipt> ack(AckChain chain) {
    List<AckReceipt> receipts = chain.proceed();
    if (!receipts.isEmpty()) {
      long ignored = count.addAndGet(completed(chain.acks(), receipts));
      long now = System.nanoTime();
      marks.forEach(mark -> look(mark, now));
    }
    return receipts;
  }

  private static int completed(List<Ack> acks, List<AckReceipt> receipts) {
    int completed = 0;
    for (int i = 0; i < acks.size(); i++) {
      if (acks.get(i).kind() == Ack.Kind.COMPLETED && receipts.get(i).isApplied()) {
        completed++;
      }
    }
    return completed;
  }

  private synchronized void look(Mark mark, long now) {
    long ended = count.get();
    if (ended >= mark.target && mark.hit.getCount() > 0) {
      mark.count = ended;
      mark.nanos = now;
      mark.hit.countDown();
      marks.remove(mark);
    }
  }
}
