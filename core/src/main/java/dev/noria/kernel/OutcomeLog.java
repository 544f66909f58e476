package dev.noria.kernel;

import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Reasons;
import dev.noria.storage.Ack;
import dev.noria.storage.EndedJob;
import dev.noria.storage.LeasedJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each job that came to its end, as far as this process learns of it: WARN when it is
 * dead, else DEBUG. No payload, no result, and no words of an error: they may hold either, and are
 * stored with the job. Thread-safe.
 */
final class OutcomeLog {
  /** The name to configure it by. */
  static final String NAME = "dev.noria.outcome";

  /** The log that everybody reads. */
  static final OutcomeLog STANDARD = new OutcomeLog(LoggerFactory.getLogger(NAME));

  private final Logger log;

  OutcomeLog(Logger log) {
    this.log = log;
  }

  /** An ack was stored. */
  void acked(Done done, Ack sent) {
    switch (sent.kind()) {
      case COMPLETED -> {
        if (log.isDebugEnabled()) {
          log.debug(attempt("completed", done.job(), done.ranNanos()).toString());
        }
      }
      case CANCELLED -> {
        if (log.isDebugEnabled()) {
          StringBuilder line = attempt("cancelled", done.job(), done.ranNanos());
          LogText.add(line, "reason", ((Ack.Cancelled) sent).reason());
          log.debug(line.toString());
        }
      }
      case DEAD -> {
        if (log.isWarnEnabled()) {
          ErrorInfo error = ((Ack.Dead) sent).error();
          StringBuilder line = attempt("dead", done.job(), done.ranNanos());
          LogText.add(line, "reason", Reasons.FAILED);
          LogText.add(line, "error", error.type());
          LogText.add(line, "fingerprint", error.fingerprint());
          log.warn(line.toString());
        }
      }
      case RETRY, RELEASED -> {}
    }
  }

  /** A handler acked inside its own transaction; whether that was committed is its business. */
  void ackedWithin(LeasedJob job, long ranNanos) {
    if (log.isDebugEnabled()) {
      log.debug(attempt("acked_in_transaction", job, ranNanos).toString());
    }
  }

  /** The storage ended a job by itself. */
  void ended(EndedJob job) {
    boolean dead = job.state() == JobState.DEAD;
    if (dead ? log.isWarnEnabled() : log.isDebugEnabled()) {
      StringBuilder line = job(dead ? "dead" : "cancelled", job.id());
      LogText.add(line, "type", job.type());
      LogText.add(line, "queue", job.queue());
      LogText.add(line, "reason", job.reason());
      if (dead) {
        log.warn(line.toString());
      } else {
        log.debug(line.toString());
      }
    }
  }

  /** Somebody cancelled a job that waited. */
  void cancelled(JobId id) {
    if (log.isDebugEnabled()) {
      StringBuilder line = job("cancelled", id);
      LogText.add(line, "reason", Reasons.CANCELLED);
      log.debug(line.toString());
    }
  }

  private static StringBuilder job(String outcome, JobId id) {
    StringBuilder line = new StringBuilder(160);
    LogText.add(line, "outcome", outcome);
    LogText.add(line, "id", id.toString());
    return line;
  }

  private static StringBuilder attempt(String outcome, LeasedJob job, long ranNanos) {
    StringBuilder line = job(outcome, job.id());
    LogText.add(line, "type", job.type());
    LogText.add(line, "queue", job.queue());
    String group = job.group();
    if (group != null) {
      LogText.add(line, "group", group);
    }
    line.append(" attempt=").append(job.attempt());
    return line.append(" ran_ms=").append(ranNanos / 1_000_000);
  }
}
