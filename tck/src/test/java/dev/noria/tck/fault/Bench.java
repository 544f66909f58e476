package dev.noria.tck.fault;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.tck.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Short words for calls on a storage; for one thread. */
final class Bench {
  static final Duration LEASE = Duration.ofSeconds(30);

  final ManualTime time = new ManualTime();
  private final JobStorage storage;
  private long sequence;
  private long ids;

  Bench(JobStorage storage) {
    this.storage = storage;
  }

  Instant now() {
    return time.now();
  }

  CallId call() {
    return new CallId(5, ++sequence);
  }

  NewJob job() {
    return job(same -> same);
  }

  NewJob job(UnaryOperator<NewJob.Builder> change) {
    JobId id = new JobId(1, ++ids);
    return change.apply(NewJob.builder(id, "type", "q", Bytes.utf8("payload " + ids))).build();
  }

  NewJob enqueued(NewJob job) {
    storage.enqueue(call(), List.of(job), now());
    return job;
  }

  DequeueRequest request(int count) {
    List<Demand> demands = List.of(new Demand("q", count));
    return new DequeueRequest(
        "worker", 9, now().plus(LEASE), demands, count, Long.MAX_VALUE, false, 0);
  }

  LeasedJob dequeued() {
    return storage.dequeue(call(), request(1), now()).jobs().get(0);
  }

  void ack(Ack ack) {
    storage.ack(call(), List.of(ack), now());
  }
}
