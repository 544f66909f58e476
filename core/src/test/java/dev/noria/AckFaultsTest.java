package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Part;
import dev.noria.job.Retention;
import dev.noria.job.StoredJob;
import dev.noria.middleware.AckChain;
import dev.noria.middleware.Middleware;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.tck.fault.Fault;
import dev.noria.tck.fault.Faults;
import dev.noria.tck.fault.FaultyStorage;
import dev.noria.tck.fault.Operation;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ack middleware made of an ack arrives once, however the ack reaches the storage. */
class AckFaultsTest {
  record Text(String text) {}

  private static final JobType<Text> WORK =
      JobType.of("work", Text.class)
          .with(JobOption.retention(new Retention(Duration.ofHours(1), Duration.ofHours(1))));

  private final FaultyStorage storage = FaultyStorage.over(ReferenceStorage.create());
  private final JobQueue queue =
      JobQueue.builder()
          .discovery(Discovery.none())
          .storage(() -> storage)
          .concurrency(1)
          .build()
          .use("stamping", new Stamping());

  @AfterEach
  void close() {
    queue.close();
    storage.close();
  }

  /** Adds an x to each result. */
  private static final class Stamping implements Middleware {
    @Override
    public List<AckReceipt> ack(AckChain chain) {
      return chain.proceed(chain.acks().stream().map(Stamping::stamp).toList());
    }

    private static Ack stamp(Ack ack) {
      if (!(ack instanceof Ack.Completed completed)) {
        return ack;
      }
      Bytes result = completed.result();
      String before = result == null ? "" : result.toUtf8();
      return new Ack.Completed(ack.lease(), Bytes.utf8(before + "x"), null, List.of());
    }
  }

  static List<List<Fault>> faults() {
    return List.of(
        List.of(),
        List.of(Fault.REFUSED),
        List.of(Fault.REPLY_LOST),
        List.of(Fault.BUG),
        List.of(Fault.BUG, Fault.REFUSED),
        List.of(Fault.BUG, Fault.REFUSED, Fault.BUG));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void theAckOfTheMiddleware_arrivesOnce(List<Fault> faults) {
    // While the only slot is taken, the next exchange is the one with its ack.
    Faults script = Faults.script(faults.toArray(Fault[]::new)).only(Operation.EXCHANGE);
    queue.handle(WORK, (text, job) -> storage.with(script)).start();

    JobId id = queue.enqueue(WORK, new Text("go")).id();

    assertThat(completed(id).result()).isEqualTo(Bytes.utf8("x"));
  }

  private StoredJob completed(JobId id) {
    long last = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (System.nanoTime() < last) {
      StoredJob job = queue.find(id, Set.of(Part.RESULT)).orElseThrow();
      if (job.state() == JobState.COMPLETED) {
        return job;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("Job " + id + " did not complete in 20 s.");
  }
}
