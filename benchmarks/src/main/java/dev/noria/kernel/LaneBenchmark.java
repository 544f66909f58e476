package dev.noria.kernel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What the lane adds to a call, when nobody else is there and when many are. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class LaneBenchmark {
  private static final List<Integer> ONE = List.of(1);

  private final Lane<Integer, Integer> lane =
      new Lane<>(
          (items, giveUp) -> items,
          new Lane.Bounds(10_000, 16 << 20, 100_000, 64 << 20, Duration.ofSeconds(30)),
          System::nanoTime);

  /** Made by JMH. */
  public LaneBenchmark() {}

  /** One caller, who leads each batch itself. */
  @Benchmark
  public List<Integer> alone() {
    return lane.submit(ONE, 200);
  }

  /** 64 callers; the time is how long each of them waits. */
  @Benchmark
  @Threads(64)
  public List<Integer> crowd() {
    return lane.submit(ONE, 200);
  }
}
