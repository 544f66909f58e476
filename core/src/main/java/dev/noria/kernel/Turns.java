package dev.noria.kernel;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whose turn it is among queues that want slots: smooth weighted round-robin, laid out once. Turns
 * that their queue has no use for are shared equally by the others. Thread-safe.
 */
final class Turns {
  /** Weights that need a longer round are rounded; each queue has a turn all the same. */
  private static final int LONGEST = 4_096;

  private final int[] round;
  private final int queues;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger spare = new AtomicInteger();

  Turns(int... weights) {
    this.queues = weights.length;
    this.round = round(weights);
  }

  /** The queue whose turn it is. */
  int next() {
    return queues == 1 ? 0 : round[Math.floorMod(turn.getAndIncrement(), round.length)];
  }

  /** The queue to begin with when the one whose turn it was has nothing. */
  int spare() {
    return Math.floorMod(spare.getAndIncrement(), queues);
  }

  private static int[] round(int[] weights) {
    long sum = Arrays.stream(weights).asLongStream().sum();
    int[] fitting = weights;
    if (sum > LONGEST) {
      fitting =
          Arrays.stream(weights).map(w -> (int) Math.max(1, (long) w * LONGEST / sum)).toArray();
    }
    int length = Arrays.stream(fitting).sum();
    int[] round = new int[length];
    int[] credit = new int[fitting.length];
    for (int i = 0; i < length; i++) {
      int first = 0;
      for (int queue = 0; queue < fitting.length; queue++) {
        credit[queue] += fitting[queue];
        first = credit[queue] > credit[first] ? queue : first;
      }
      credit[first] -= length;
      round[i] = first;
    }
    return round;
  }
}
