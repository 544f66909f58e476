package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.job.JobId;
import dev.noria.job.JobKind;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.plugin.PayloadStage.Content;
import dev.noria.plugin.PayloadStage.Context;
import java.time.Instant;
import java.util.List;

/** Makes storable jobs out of requests: an id, the encoded payload, the options. Thread-safe. */
final class JobMaker {
  private static final String RETENTION = JobOption.retention(Retention.NO_RESULT).slot();

  private final Payloads payloads;
  private final KernelClock clock;
  private final JobIds ids;

  JobMaker(Payloads payloads, KernelClock clock, JobIds ids) {
    this.payloads = payloads;
    this.clock = clock;
    this.ids = ids;
  }

  JobId newId() {
    return ids.next();
  }

  <P> NewJob job(JobRequest<P> request) {
    JobKind<P> kind = request.kind();
    if (!kind.payload().isInstance(request.payload()) && !kind.payload().isPrimitive()) {
      throw new IllegalArgumentException(
          "The payload of a '"
              + kind.name()
              + "' job is a "
              + request.payload().getClass().getName()
              + ". Expected a "
              + kind.payload().getName()
              + ".");
    }
    NewJob.Builder job = NewJob.builder(ids.next(), kind.name(), kind.queue(), Bytes.EMPTY);
    Instant now = clock.now();
    boolean retainedByType = apply(kind.options(), job, now);
    boolean retained = apply(request.options(), job, now) || retainedByType;
    // Options may have changed id and queue, which payload stages are told.
    Context context = new Context(job.id(), job.queue(), kind.name(), Content.PAYLOAD);
    job.payload(payloads.encode(request.payload(), context));
    return retained ? job.build() : withRetention(kind, job);
  }

  private static NewJob withRetention(JobKind<?> kind, NewJob.Builder job) {
    if (kind instanceof CallType) {
      return job.retention(Retention.WITH_RESULT).build();
    }
    NewJob made = job.build();
    return made.awaited() ? job.retention(Retention.WITH_RESULT).build() : made;
  }

  /** Applies the options; says whether one of them sets the retention. */
  private static boolean apply(List<JobOption> options, NewJob.Builder job, Instant now) {
    boolean retained = false;
    for (JobOption option : options) {
      option.applyTo(job, now);
      retained |= option.slot().equals(RETENTION);
    }
    return retained;
  }
}
