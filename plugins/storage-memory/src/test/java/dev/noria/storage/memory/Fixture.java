package dev.noria.storage.memory;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.LeasedJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A storage and short words for one caller. */
final class Fixture {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  final MemoryStorage storage = MemoryStorage.create();
  private long sequence;
  private long ids;

  CallId call() {
    return new CallId(1, ++sequence);
  }

  NewJob job(UnaryOperator<NewJob.Builder> change) {
    JobId id = new JobId(1, ++ids);
    return change.apply(NewJob.builder(id, "type", "q", Bytes.EMPTY)).build();
  }

  void fill(int count, UnaryOperator<NewJob.Builder> change) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job(change));
    }
    storage.enqueue(call(), jobs, NOW);
  }

  static DequeueRequest request(int count, boolean park) {
    List<Demand> demands = List.of(new Demand("q", count));
    return new DequeueRequest(
        "worker", 7, NOW.plusSeconds(30), demands, count, Long.MAX_VALUE, park, 0);
  }

  List<LeasedJob> dequeue(int count) {
    return storage.dequeue(call(), request(count, false), NOW).jobs();
  }

  void complete(List<LeasedJob> jobs) {
    List<Ack> acks = new ArrayList<>();
    jobs.forEach(job -> acks.add(new Ack.Completed(job.lease())));
    storage.ack(call(), acks, NOW);
  }
}
