package dev.noria.kernel;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.plugin.JobEvent;
import dev.noria.storage.Durability;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The way of new jobs from the chain into the storage: checks the limits, then joins a lane. Jobs
 * with keys have a lane of their own, so that those without never wait for the locks of keys. A
 * storage that commits nothing gains nothing from lanes and is called directly. Thread-safe.
 */
final class EnqueuePath {
  private static final int WAITING_JOBS = 100_000;
  private static final long WAITING_BYTES = 64L * 1024 * 1024;
  private final JobStorage storage;
  private final KernelClock clock;
  private final Listeners listeners;
  private final Calls calls;
  private final Limits limits;
  private final boolean direct;
  private final Lane<NewJob, EnqueueReceipt> plain;
  private final Lane<NewJob, EnqueueReceipt> keyed;

  EnqueuePath(Client.ClientParts parts, Calls calls, Duration timeout) {
    this.storage = parts.storage();
    this.clock = parts.clock();
    this.listeners = parts.listeners();
    this.calls = calls;
    this.limits = storage.info().limits();
    this.direct = storage.info().durability() == Durability.VOLATILE && storage.info().callerRuns();
    Lane.Bounds bounds =
        new Lane.Bounds(
            limits.batchJobs(), limits.batchBytes(), WAITING_JOBS, WAITING_BYTES, timeout);
    this.plain = new Lane<>(this::call, bounds, clock::nanos);
    this.keyed = new Lane<>(this::call, bounds, clock::nanos);
  }

  /** Stores jobs that passed the chain: one receipt for each, in order. */
  List<EnqueueReceipt> store(List<NewJob> jobs) {
    List<NewJob> fitting = fitting(jobs);
    List<EnqueueReceipt> receipts = fitting.isEmpty() ? List.of() : inBatches(fitting);
    List<EnqueueReceipt> all = fitting == jobs ? receipts : merge(jobs, fitting, receipts);
    tell(jobs, all);
    return all;
  }

  /** As {@link #store}, but {@code storing} stores them; nobody is told of it. */
  List<EnqueueReceipt> storeBy(
      Function<List<NewJob>, List<EnqueueReceipt>> storing, List<NewJob> jobs) {
    List<NewJob> fitting = fitting(jobs);
    List<EnqueueReceipt> receipts = fitting.isEmpty() ? List.of() : storing.apply(fitting);
    return fitting == jobs ? receipts : merge(jobs, fitting, receipts);
  }

  /** The jobs within the limits; the list itself when all are. */
  private List<NewJob> fitting(List<NewJob> jobs) {
    for (NewJob job : jobs) {
      if (refusal(job) != null) {
        return jobs.stream().filter(each -> refusal(each) == null).toList();
      }
    }
    return jobs;
  }

  private @Nullable String refusal(NewJob job) {
    if (job.payload().size() > limits.payloadBytes()) {
      return "its payload has "
          + job.payload().size()
          + " bytes. At most "
          + limits.payloadBytes()
          + " fit; store large data elsewhere and enqueue a reference to it.";
    }
    if (job.headers().size() > limits.headers()) {
      return "it has "
          + job.headers().size()
          + " headers. At most "
          + limits.headers()
          + " fit; put data into the payload.";
    }
    if (job.dependencies().on().size() > limits.dependencies()) {
      return "it depends on "
          + job.dependencies().on().size()
          + " jobs. At most "
          + limits.dependencies()
          + " are possible; use a tree of collecting jobs.";
    }
    return tooLongHeader(job.headers());
  }

  private @Nullable String tooLongHeader(Map<String, String> headers) {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      int chars = header.getKey().length() + header.getValue().length();
      if (chars * 3 <= limits.headerBytes()) {
        continue;
      }
      int bytes = utf8(header.getKey()) + utf8(header.getValue());
      if (bytes > limits.headerBytes()) {
        return "its header '"
            + header.getKey()
            + "' has "
            + bytes
            + " bytes with its name. At most "
            + limits.headerBytes()
            + " fit; put data into the payload.";
      }
    }
    return null;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private List<EnqueueReceipt> merge(
      List<NewJob> jobs, List<NewJob> fitting, List<EnqueueReceipt> receipts) {
    List<EnqueueReceipt> merged = new ArrayList<>(jobs.size());
    int next = 0;
    for (NewJob job : jobs) {
      if (next < fitting.size() && fitting.get(next).id().equals(job.id())) {
        merged.add(receipts.get(next++));
      } else {
        merged.add(EnqueueReceipt.rejected(job.id(), String.valueOf(refusal(job))));
      }
    }
    return merged;
  }

  /** One unit up to the batch limit; what exceeds it is stored in several. */
  private List<EnqueueReceipt> inBatches(List<NewJob> jobs) {
    if (jobs.size() == 1) {
      return inOneBatch(jobs, jobs.get(0).payload().size());
    }
    List<EnqueueReceipt> receipts = new ArrayList<>(jobs.size());
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < jobs.size(); i++) {
      int size = jobs.get(i).payload().size();
      if (i - from == limits.batchJobs() || (i > from && bytes + size > limits.batchBytes())) {
        receipts.addAll(next(from, jobs.subList(from, i), bytes));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    receipts.addAll(next(from, jobs.subList(from, jobs.size()), bytes));
    return receipts;
  }

  /** A later batch that fails leaves the earlier ones stored: the call may have happened. */
  private List<EnqueueReceipt> next(int stored, List<NewJob> jobs, long bytes) {
    try {
      return inOneBatch(jobs, bytes);
    } catch (StorageException e) {
      if (stored == 0 || e.outcomeUnknown()) {
        throw e;
      }
      throw new StorageException(
          e.kind(),
          true,
          "The first "
              + stored
              + " jobs of the call may be stored, the others are not: "
              + e.getMessage(),
          e);
    }
  }

  private List<EnqueueReceipt> inOneBatch(List<NewJob> jobs, long bytes) {
    if (direct) {
      return call(jobs, calls.giveUpNanos());
    }
    boolean hasKeys = jobs.stream().anyMatch(job -> job.key() != null);
    return (hasKeys ? keyed : plain).submit(jobs, bytes);
  }

  private List<EnqueueReceipt> call(List<NewJob> jobs, long giveUpNanos) {
    return calls.persist(giveUpNanos, call -> storage.enqueue(call, jobs, clock.now()));
  }

  private void tell(List<NewJob> jobs, List<EnqueueReceipt> receipts) {
    if (!listeners.want(JobEvent.Enqueued.class)) {
      return;
    }
    for (int i = 0; i < jobs.size(); i++) {
      if (receipts.get(i).isEnqueued()) {
        NewJob job = jobs.get(i);
        listeners.tell(new JobEvent.Enqueued(clock.now(), job.id(), job.queue(), job.type()));
      }
    }
  }
}
