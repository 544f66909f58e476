package dev.noria.tck.model;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.Dependencies.OnFailure;
import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A job of a random sequence; jobs go by numbers, so that a sequence still means something when
 * parts of it are removed.
 *
 * @param number which job of the sequence
 * @param line where it waits
 * @param delay seconds until it is due; 0: at once
 * @param key its key; null: none
 * @param dependencies the numbers of those it waits for
 * @param onFailure what their failure means
 * @param onMissing what it means that one does not exist
 * @param maxAttempts its bound; 0: none
 * @param life how long it may wait and is kept
 */
record Spec(
    int number,
    Line line,
    int delay,
    @Nullable Key key,
    List<Integer> dependencies,
    OnFailure onFailure,
    OnMissing onMissing,
    int maxAttempts,
    Life life) {

  /** Queue 0 has no groups, queue 1 has three. */
  record Line(int queue, int group, int priority, boolean lifo) {}

  /** A key of its queue. */
  record Key(int name, KeyPolicy policy) {}

  /** How a job ends by time alone. */
  enum Life {
    /** Vanishes with its ack. */
    VANISHES,
    /** Is kept a little. */
    SHORT,
    /** Outlives the sequence. */
    KEPT,
    /** Outlives it too, but must start in time. */
    DEADLINE;

    Retention retention() {
      return switch (this) {
        case VANISHES -> Retention.NO_RESULT;
        case SHORT -> new Retention(Duration.ofMillis(10_250), Duration.ofMillis(15_250));
        case KEPT, DEADLINE -> new Retention(Duration.ofDays(10), Duration.ofDays(10));
      };
    }
  }

  /** Due instants of two jobs never tie: where they do, the contract leaves the order open. */
  static Instant due(Instant now, int seconds, int number) {
    return seconds <= 0 ? now : now.plusSeconds(seconds).plusMillis(number);
  }

  NewJob job(IntFunction<JobId> ids, IntFunction<String> queues, Instant now) {
    NewJob.Builder job =
        NewJob.builder(
            ids.apply(number), "type", queues.apply(line.queue), Bytes.utf8("payload " + number));
    return job.runAt(delay == 0 ? null : due(now, delay, number))
        .priority(line.priority)
        .lifo(line.lifo)
        .group(line.queue == 0 ? null : "g" + line.group)
        .key(key == null ? null : new JobKey("k" + key.name, key.policy))
        .dependencies(
            new Dependencies(dependencies.stream().map(ids::apply).toList(), onFailure, onMissing))
        .maxAttempts(maxAttempts)
        .retention(life.retention())
        .deadline(life == Life.DEADLINE ? now.plusMillis(25_777) : null)
        .build();
  }
}
