package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Durability;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.StorageInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A storage and short words for one caller. */
final class Fixture {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  static final long MILLIS = NOW.toEpochMilli();

  final Replica replica = new Replica();
  final EngineStorage storage =
      new EngineStorage(
          INFO, replica, new EngineStorage.Backing(direct(replica), Contents.NONE, 0));
  private static final StorageInfo INFO =
      new StorageInfo("heap", "heap", Durability.VOLATILE, Limits.defaults(), Set.of(), true);
  private long sequence;
  private long ids;

  /** Every command is applied at once. */
  static Journal direct(Replica replica) {
    return new Journal() {
      @Override
      public <T> T commit(Command<T> command) {
        return replica.run(command);
      }

      @Override
      public void catchUp() {}

      @Override
      public void close() {
        replica.close();
      }
    };
  }

  /** A READY job in no line. */
  static Entry entry(JobId id, Line line) {
    NewJob job = NewJob.builder(id, "type", "q", Bytes.EMPTY).build();
    return Entry.of(new Draft(job, null), new Shape(job), line, MILLIS);
  }

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
