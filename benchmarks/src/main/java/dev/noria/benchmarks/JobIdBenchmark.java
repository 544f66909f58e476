package dev.noria.benchmarks;

import dev.noria.JobQueue;
import dev.noria.job.JobId;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A fresh id. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class JobIdBenchmark {
  private final JobQueue queue = JobQueue.open("memory:");

  /** Made by JMH. */
  public JobIdBenchmark() {}

  /** Closes the queue. */
  @TearDown
  public void close() {
    queue.close();
  }

  /** By one thread. */
  @Benchmark
  public JobId alone() {
    return queue.newId();
  }

  /** By two threads. */
  @Benchmark
  @Threads(2)
  public JobId together() {
    return queue.newId();
  }
}
