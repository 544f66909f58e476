package dev.noria.testing;

import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.WritableAssertionInfo;

/**
 * Assertions on the jobs that a {@link TestQueueAssert} found. Each condition narrows them down and
 * fails when none is left, so several conditions hold for the same job; {@link #times} counts.
 *
 * @param <P> the payload
 */
public final class JobsAssert<P> extends AbstractAssert<JobsAssert<P>, List<?>> {
  private final Selection<P> selection;
  private final Wording wording;

  /**
   * Jobs, and how they were found.
   *
   * @param type their type
   * @param what in words
   * @param jobs at least one
   */
  record Selection<P>(JobKind<P> type, String what, List<Sighting> jobs) {}

  JobsAssert(Selection<P> selection, Wording wording, WritableAssertionInfo info) {
    super(selection.jobs(), JobsAssert.class);
    this.selection = selection;
    this.wording = wording;
    this.info.description(info.description());
  }

  /** With a payload that equals {@code expected} after its way through the codec. */
  public JobsAssert<P> withPayload(P expected) {
    return narrow("payload " + expected, job -> Objects.equals(payload(job), expected));
  }

  /** With a payload that passes. */
  public JobsAssert<P> withPayloadMatching(Predicate<? super P> condition) {
    return narrow("a payload that matches", job -> condition.test(payload(job)));
  }

  /** In this queue. */
  public JobsAssert<P> inQueue(String name) {
    return narrow("queue '" + name + "'", job -> job.job().queue().equals(name));
  }

  /** Due at this instant of the virtual clock. */
  public JobsAssert<P> dueAt(Instant instant) {
    return narrow("due instant " + instant, job -> job.dueAt().equals(instant));
  }

  /** Due after this span, counted from now. */
  public JobsAssert<P> dueIn(Duration span) {
    Instant instant = wording.now().plus(span);
    return narrow("a due instant in " + span, job -> job.dueAt().equals(instant));
  }

  /** With this deduplication key. */
  public JobsAssert<P> withKey(String name) {
    return narrow(
        "key '" + name + "'",
        job -> job.job().key() != null && name.equals(job.job().key().name()));
  }

  /** With this priority. */
  public JobsAssert<P> withPriority(int priority) {
    return narrow("priority " + priority, job -> job.job().priority() == priority);
  }

  /** In this group. */
  public JobsAssert<P> withGroup(String name) {
    return narrow("group '" + name + "'", job -> name.equals(job.job().group()));
  }

  /** With this header. */
  public JobsAssert<P> withHeader(String name, String value) {
    return narrow(
        "header " + name + "=" + value, job -> value.equals(job.job().headers().get(name)));
  }

  /** Whose last error has this class or word, or a message that contains it. */
  public JobsAssert<P> withError(String text) {
    return narrow(
        "an error with '" + text + "'",
        job -> {
          ErrorInfo error = job.error();
          return error != null && (error.type().equals(text) || error.message().contains(text));
        });
  }

  /** Whose last error is of this class. */
  public JobsAssert<P> withError(Class<? extends Throwable> type) {
    return narrow(
        "an error of " + type.getName(),
        job -> job.error() != null && job.error().type().equals(type.getName()));
  }

  /** With this result, for jobs of a {@link CallType}. */
  public JobsAssert<P> withResult(Object expected) {
    if (!(selection.type() instanceof CallType<?, ?> call)) {
      throw new IllegalArgumentException(
          "Jobs of type '" + selection.type().name() + "' have no result. Expected a CallType.");
    }
    return narrow(
        "result " + expected,
        job -> {
          Bytes result = job.result();
          return result != null
              && Objects.equals(wording.codec().decode(result, call.result()), expected);
        });
  }

  /** So many, at least one; for none there is {@link TestQueueAssert#notEnqueued}. */
  public JobsAssert<P> times(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "times(" + count + ") was asked for. Expected at least 1; for none use notEnqueued.");
    }
    if (selection.jobs().size() != count) {
      throw failure(
          "%nExpected %d times a %s, but it is %d times:%n%s",
          count, selection.what(), selection.jobs().size(), wording.list(selection.jobs()));
    }
    return this;
  }

  /** Their payloads, in the order of their enqueue. */
  public ListAssert<P> payloads() {
    return Assertions.assertThat(selection.jobs().stream().map(this::payload).toList());
  }

  private P payload(Sighting job) {
    return wording.codec().decode(job.job().payload(), selection.type().payload());
  }

  private JobsAssert<P> narrow(String condition, Predicate<Sighting> filter) {
    List<Sighting> left = selection.jobs().stream().filter(filter).toList();
    if (left.isEmpty()) {
      throw failure(
          "%nExpected a %s with %s, but there are only:%n%s",
          selection.what(), condition, wording.list(selection.jobs()));
    }
    String what = selection.what() + " with " + condition;
    return new JobsAssert<>(new Selection<>(selection.type(), what, left), wording, info);
  }
}
