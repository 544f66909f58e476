package dev.noria.cli.bench;

import dev.noria.JobQueue;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobHandler;
import dev.noria.job.JobId;
import dev.noria.job.JobRequest;
import dev.noria.storage.Durability;
import dev.noria.storage.Inspection;
import dev.noria.storage.StorageInfo;
import java.util.ArrayList;
import java.util.List;

/** A queue on a fresh place, with everything on that a user would have on, and counters. */
final class Bed implements AutoCloseable {
  static final int CHUNK = 1_000;

  private final Place place;
  private final CountedStorage storage;
  private final AckCount acks = new AckCount();
  private final JobQueue queue;

  private Bed(Place place, int concurrency, JobHandler<Parcel> handler) {
    this.place = place;
    this.storage = new CountedStorage(place.open());
    this.queue = JobQueue.builder().storage(() -> storage).concurrency(concurrency).build();
    queue.use("bench-acks", acks).handle(Parcel.JOB, handler);
  }

  /** Opens it without starting to work. */
  static Bed open(Place place, int concurrency, JobHandler<Parcel> handler) {
    Bed bed = new Bed(place, concurrency, handler);
    try {
      bed.checkEmpty();
    } catch (RuntimeException e) {
      bed.queue.close();
      throw e;
    }
    return bed;
  }

  private void checkEmpty() {
    long jobs =
        storage.capability(Inspection.class).map(i -> i.counts(Parcel.QUEUE).total()).orElse(0L);
    if (jobs > 0) {
      throw new IllegalArgumentException(
          place.uri()
              + " has "
              + jobs
              + " jobs in the queue "
              + Parcel.QUEUE
              + ". Expected none, for they would be lost. Clear that queue, or name another place.");
    }
    // Opens the queue, so that this is not on anybody's clock.
    JobId ignored = queue.newId();
  }

  JobQueue queue() {
    return queue;
  }

  CountedStorage storage() {
    return storage;
  }

  StorageInfo info() {
    return storage.info();
  }

  AckCount acks() {
    return acks;
  }

  /** Enqueues {@code jobs} jobs, a thousand in each unit. */
  void fill(int jobs) {
    for (int from = 0; from < jobs; from += CHUNK) {
      List<JobRequest<?>> chunk = new ArrayList<>(CHUNK);
      for (int i = from; i < Math.min(jobs, from + CHUNK); i++) {
        chunk.add(Parcel.JOB.job(Parcel.of(i)));
      }
      for (EnqueueReceipt receipt : queue.enqueueAll(chunk)) {
        if (!receipt.isEnqueued()) {
          throw new IllegalStateException("A job was not stored: " + receipt);
        }
      }
    }
  }

  @Override
  public void close() {
    boolean kept = place.folder() == null && info().durability() != Durability.VOLATILE;
    if (kept) {
      queue.stop();
      int ignored = queue.clear(Parcel.QUEUE);
    }
    queue.close();
  }
}
