package dev.noria.kernel;

import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.job.ErrorInfo;
import dev.noria.job.FailedAttempt;
import dev.noria.job.JobCancelledException;
import dev.noria.job.JobFailedException;
import dev.noria.job.JobId;
import dev.noria.job.JobRequest;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.StoredJob;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Request and response over a queue. */
public final class Awaiting {
  private Awaiting() {}

  /** Enqueues and waits for the result. */
  public static <P, R> R call(
      Kernel kernel, CallType<P, R> type, JobRequest<P> request, Duration timeout)
      throws InterruptedException, TimeoutException {
    Client client = kernel.client();
    NewJob job = client.prepare(request).toBuilder().awaited(true).build();
    JobId id;
    try (Waiters.Waiter waiter = kernel.waiters().waiter(job.id())) {
      id = Client.accepted(job, client.enqueuePrepared(List.of(job)).get(0)).id();
      if (id.equals(job.id())) {
        return result(kernel, type, waiter.await(timeout).orElseThrow(() -> late(job, timeout)));
      }
    }
    // Another job has the key: its result is the answer.
    try (Waiters.Waiter waiter = kernel.waiters().waiter(id)) {
      return result(kernel, type, waiter.await(timeout).orElseThrow(() -> late(job, timeout)));
    }
  }

  private static TimeoutException late(NewJob job, Duration timeout) {
    return new TimeoutException(
        "Job "
            + job.id()
            + " of type '"
            + job.type()
            + "' did not end within "
            + timeout
            + ". It goes on; look for its result later with result(type, id).");
  }

  /** The result of a finished job. */
  public static <P, R> R result(Kernel kernel, CallType<P, R> type, StoredJob job) {
    if (job.state() == JobState.CANCELLED) {
      throw new JobCancelledException(
          "Job " + job.id() + " was cancelled: " + job.status().reason() + ".");
    }
    Bytes result = job.result();
    if (job.state() == JobState.DEAD || result == null) {
      throw new JobFailedException(job.id(), lastError(job));
    }
    // The client has undone the payload stages.
    return kernel.client().payloads().codec().decode(result, type.result());
  }

  private static ErrorInfo lastError(StoredJob job) {
    List<FailedAttempt> history = job.history();
    if (history.isEmpty()) {
      String reason = String.valueOf(job.status().reason());
      return ErrorInfo.of(reason, "The job ended " + job.state() + ".");
    }
    return history.get(history.size() - 1).error();
  }
}
