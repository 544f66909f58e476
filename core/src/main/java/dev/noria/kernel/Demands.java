package dev.noria.kernel;

import dev.noria.storage.DequeueRequest.Demand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many jobs to ask for, and from which queue first. The buffer is filled ahead by what the
 * worker gets done in two round trips, but not for slow handlers; queues come first in proportion
 * to their weights, so that none starves. For one thread.
 */
final class Demands {
  private static final int MOST_AHEAD = 2_000;
  private static final int BUSY_AHEAD = 256;
  private static final double BUSY_RATE = 5_000;
  private static final double SLOW_PER_SLOT = 5;
  private static final long CAREFUL_NANOS = 5_000_000_000L;

  private final List<QueueSlots> queues;
  private final Slots slots;
  private final int concurrency;
  private final double[] credit;
  private double jobsPerSecond;
  private double roundTripSeconds;
  private long lastNanos;
  private boolean careful;
  private long carefulUntilNanos;

  Demands(List<QueueSlots> queues, Slots slots, int concurrency) {
    this.queues = queues;
    this.slots = slots;
    this.concurrency = concurrency;
    this.credit = new double[queues.size()];
  }

  /** What one exchange has shown: so many attempts ended since the last, and it took so long. */
  void observe(int ended, long startNanos, long endNanos) {
    double seconds = lastNanos == 0 ? 0 : (endNanos - lastNanos) / 1e9;
    lastNanos = endNanos;
    if (seconds > 0) {
      // An idle stretch says nothing about how fast the handlers are.
      double rate = ended / Math.min(seconds, 1);
      jobsPerSecond += (rate - jobsPerSecond) * 0.3;
    }
    roundTripSeconds += ((endNanos - startNanos) / 1e9 - roundTripSeconds) * 0.3;
  }

  /**
   * Suspects came that go back, since they run one at a time: for a while nothing is fetched ahead,
   * or thousands of them would go to and fro.
   */
  void beware() {
    careful = true;
    carefulUntilNanos = lastNanos + CAREFUL_NANOS;
  }

  private int ahead() {
    careful = careful && lastNanos - carefulUntilNanos < 0;
    if (careful || jobsPerSecond < SLOW_PER_SLOT * concurrency) {
      return 0;
    }
    double target = jobsPerSecond * roundTripSeconds * 2;
    double least = jobsPerSecond > BUSY_RATE ? BUSY_AHEAD : 0;
    return (int) Math.min(MOST_AHEAD, Math.max(least, target));
  }

  /** The demands of the next exchange; empty when the buffer is full enough. */
  List<Demand> next() {
    int ahead = ahead();
    int room = total(ahead);
    boolean idleSlots = slots.active() < concurrency;
    if (room <= 0 || (!idleSlots && room < ahead / 4)) {
      return List.of();
    }
    List<Demand> demands = new ArrayList<>(queues.size());
    for (QueueSlots queue : inTurn()) {
      int limit = Math.min(room, queue.concurrency + ahead - queue.running() - queue.buffered());
      if (limit > 0) {
        demands.add(new Demand(queue.name, limit));
      }
    }
    return demands;
  }

  /** How many jobs in all. */
  int total() {
    return Math.max(0, total(ahead()));
  }

  private int total(int ahead) {
    int running = 0;
    for (QueueSlots queue : queues) {
      running += queue.running();
    }
    return concurrency + ahead - running - slots.buffered();
  }

  /** Smooth weighted round-robin: who has waited longest for its share comes first. */
  private List<QueueSlots> inTurn() {
    if (queues.size() == 1) {
      return queues;
    }
    double sum = 0;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < credit.length; i++) {
      credit[i] += queues.get(i).weight;
      sum += queues.get(i).weight;
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(i -> -credit[i]));
    credit[order.get(0)] -= sum;
    return order.stream().map(queues::get).toList();
  }
}
