package dev.noria.tck.fault;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Decides what happens to each call, by its number: the same calls in the same order meet the same
 * faults. Immutable but for {@link #script}, which is used up; thread-safe.
 */
@FunctionalInterface
public interface Faults {

  /** What happens to the call of that number, from 1. */
  Fault next(Operation operation, long number);

  /** Nothing breaks. */
  static Faults none() {
    return (operation, number) -> Fault.NONE;
  }

  /** {@code fault} for every n-th call. */
  static Faults every(int n, Fault fault) {
    if (n < 1) {
      throw new IllegalArgumentException("Every " + n + "th call was asked for. At least 1.");
    }
    return (operation, number) -> number % n == 0 ? fault : Fault.NONE;
  }

  /** One fault after the other for the next calls, then nothing. */
  static Faults script(Fault... faults) {
    Queue<Fault> left = new ConcurrentLinkedQueue<>(Arrays.asList(faults));
    return (operation, number) -> {
      Fault fault = left.poll();
      return fault == null ? Fault.NONE : fault;
    };
  }

  /**
   * At random: each call is refused, or loses its request or reply, {@code perMille} times in a
   * thousand altogether.
   */
  static Faults random(long seed, int perMille) {
    LongFunction<Fault> pick =
        number -> {
          long bits = mix(seed + number * 0x9E3779B97F4A7C15L);
          if (Long.remainderUnsigned(bits, 1_000) >= perMille) {
            return Fault.NONE;
          }
          Fault[] broken = {Fault.REFUSED, Fault.REPLY_LOST, Fault.REQUEST_LOST};
          return broken[(int) Long.remainderUnsigned(mix(bits), broken.length)];
        };
    return (operation, number) -> pick.apply(number);
  }

  /** The same, but only for these operations; the calls of others are not counted. */
  default Faults only(Operation first, Operation... others) {
    Set<Operation> hit = EnumSet.of(first, others);
    AtomicLong own = new AtomicLong();
    return (operation, number) ->
        hit.contains(operation) ? next(operation, own.incrementAndGet()) : Fault.NONE;
  }

  /** The finisher of SplitMix64. */
  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
