package dev.noria.benchmarks;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.memory.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The life of a job in memory: enqueued, leased, completed; the time is for all three. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class MemoryStorageBenchmark {
  private static final int MANY = 1_000;
  private static final Bytes PAYLOAD = Bytes.owned(new byte[200]);

  private final JobStorage storage = MemoryStorage.create();
  private long calls;
  private long ids;

  /** Made by JMH. */
  public MemoryStorageBenchmark() {}

  /** One job in each call. */
  @Benchmark
  public Exchange alone() {
    return cycle(1);
  }

  /** A thousand jobs in each call. */
  @Benchmark
  @OperationsPerInvocation(MANY)
  public Exchange together() {
    return cycle(MANY);
  }

  private Exchange cycle(int size) {
    List<NewJob> jobs = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      jobs.add(NewJob.builder(new JobId(1, ++ids), "sample", "default", PAYLOAD).build());
    }
    storage.enqueue(call(), jobs, Sample.NOW);
    DequeueRequest request =
        new DequeueRequest(
            "owner",
            1,
            Sample.NOW.plusSeconds(30),
            List.of(new DequeueRequest.Demand("default", size)),
            size,
            Long.MAX_VALUE,
            false,
            0);
    Exchange leased = storage.dequeue(call(), request, Sample.NOW);
    List<Ack> acks = new ArrayList<>(size);
    leased.jobs().forEach(job -> acks.add(new Ack.Completed(job.lease(), null, null, List.of())));
    DequeueRequest nothing = DequeueRequest.nothing("owner", 1, Sample.NOW.plusSeconds(30));
    return storage.exchange(call(), acks, nothing, Sample.NOW);
  }

  private CallId call() {
    return new CallId(1, ++calls);
  }
}
