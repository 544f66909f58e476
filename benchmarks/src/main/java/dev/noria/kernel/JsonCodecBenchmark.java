package dev.noria.kernel;

import dev.noria.benchmarks.Sample;
import dev.noria.job.Bytes;
import dev.noria.plugin.Codec;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A record of 200 bytes of JSON, there and back. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class JsonCodecBenchmark {
  private final Codec codec = new JsonCodec();
  private final Sample sample = Sample.of(1);
  private final Bytes encoded = codec.encode(sample);

  /** Made by JMH. */
  public JsonCodecBenchmark() {}

  /** To bytes. */
  @Benchmark
  public Bytes encode() {
    return codec.encode(sample);
  }

  /** From bytes. */
  @Benchmark
  public Object decode() {
    return codec.decode(encoded, Sample.class);
  }
}
