package dev.noria.benchmarks;

import dev.noria.chain.Attempt;
import dev.noria.chain.Chains;
import dev.noria.chain.Link;
import dev.noria.job.Bytes;
import dev.noria.job.Outcome;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.middleware.ProcessChain;
import dev.noria.storage.LeasedJob;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What middleware that only passes through costs a job; five of them at most 200 ns. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class ProcessChainBenchmark {

  /** How many middleware stand around the handler. */
  @Param({"0", "5"})
  public int middleware;

  private Chains chains = Chains.compile(List.of());
  private final Attempt attempt = untouched();
  private final LeasedJob job = Sample.leased(Bytes.EMPTY);
  private final Function<LeasedJob, Outcome> handler = ProcessChainBenchmark::handle;

  /** Made by JMH. */
  public ProcessChainBenchmark() {}

  private static Outcome handle(LeasedJob leased) {
    return new Outcome.Completed(null);
  }

  private static Attempt untouched() {
    return (Attempt)
        Proxy.newProxyInstance(
            Attempt.class.getClassLoader(),
            new Class<?>[] {Attempt.class},
            (proxy, method, arguments) -> {
              throw new IllegalStateException("Nobody calls " + method + " here.");
            });
  }

  /** Compiles the chain. */
  @Setup
  public void compile() {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < middleware; i++) {
      links.add(new Link("through-" + i, Placement.in(Phase.INVOKE), through()));
    }
    chains = Chains.compile(links);
  }

  private static Middleware through() {
    return new Middleware() {
      @Override
      public Outcome process(ProcessChain chain) {
        return chain.proceed();
      }
    };
  }

  /** One attempt. */
  @Benchmark
  public Outcome process() {
    return chains.process(job, attempt, handler);
  }
}
