package dev.noria.engine;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.Lease;
import org.jspecify.annotations.Nullable;

/**
 * A stored job: what was enqueued, where it stands, and its places in the side indexes. There may
 * be millions, so it is kept small: instants are milliseconds, what jobs of a type share is a
 * {@link Shape}, and what few have is in {@link Run} and {@link Extras}.
 */
final class Entry {
  /** No instant. */
  static final long NONE = Long.MIN_VALUE;

  final long high;
  final long low;
  Shape shape;
  Line line;
  JobState state;

  final long enqueuedAt;

  /** When it becomes due; for READY jobs the instant that orders them. */
  long dueAt;

  /** The due instant that was asked for; NONE: at once. */
  long askedAt = NONE;

  /** Its place among jobs of one instant; for LIFO jobs the place that retries keep. */
  long sequence;

  @Nullable Run run;
  @Nullable Extras extras;

  /** Where it stands in the chain of its state: a line, a lease instant, or a retention instant. */
  @Nullable Chain chain;

  @Nullable Entry previous;
  @Nullable Entry next;

  /** Where it stands in the heap of scheduled jobs; negative when it does not. */
  int slot = -1;

  /** Payload and headers: Bytes or a Body on the heap, or null and a place in the log. */
  private @Nullable Object held;

  private int offset;
  private int size;
  private int headerSize;
  private long content = Content.HEAP;

  Entry(JobId id, Shape shape, Line line, long enqueuedAt) {
    this.high = id.high();
    this.low = id.low();
    this.shape = shape;
    this.line = line;
    this.state = JobState.READY;
    this.enqueuedAt = enqueuedAt;
    this.dueAt = enqueuedAt;
  }

  /** A new job. */
  static Entry of(Draft draft, Shape shape, Line line, long enqueuedAt) {
    NewJob job = draft.job();
    Entry entry = new Entry(job.id(), shape, line, enqueuedAt);
    entry.body(draft);
    if (job.runAt() != null) {
      entry.askedAt = job.runAt().toEpochMilli();
    }
    if (job.deadline() != null) {
      entry.extras().deadline = job.deadline().toEpochMilli();
    }
    if (job.key() != null) {
      entry.extras().key = job.key();
    }
    if (!job.dependencies().isEmpty()) {
      entry.extras().dependencies = job.dependencies();
    }
    return entry;
  }

  JobId id() {
    return new JobId(high, low);
  }

  boolean is(JobId id) {
    return high == id.high() && low == id.low();
  }

  int compareIds(Entry other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  String queue() {
    return line.queue.name;
  }

  /** Its group; null for none. */
  @Nullable String group() {
    return line.group.isEmpty() ? null : line.group;
  }

  void body(Draft draft) {
    Body place = draft.place();
    if (place != null) {
      body(place);
    } else {
      NewJob job = draft.job();
      held = job.headers().isEmpty() ? job.payload() : Body.of(job);
      content = Content.HEAP;
      size = job.payload().size();
    }
  }

  void body(Body body) {
    held = body.held();
    content = body.sequence;
    offset = body.offset;
    size = body.size;
    headerSize = body.headerSize;
  }

  Body body() {
    Object here = held;
    if (here == null) {
      return Body.at(content, offset, size, headerSize);
    }
    return here instanceof Body body ? body : Body.of((Bytes) here);
  }

  /** The commit that brought payload and headers. */
  long contentSequence() {
    return content;
  }

  int payloadSize() {
    return size;
  }

  /** The due instant that was asked for. */
  long runAt() {
    return askedAt == NONE ? enqueuedAt : askedAt;
  }

  /** What it has since it was leased first, made when it is needed first. */
  Run run() {
    Run present = run;
    if (present == null) {
      present = new Run();
      run = present;
    }
    return present;
  }

  /** The current lease. */
  @Nullable Run lease() {
    return run == null || !run.leased ? null : run;
  }

  int attempt() {
    return run == null ? 0 : run.attempt;
  }

  int generation() {
    return run == null ? 0 : run.generation;
  }

  void reason(@Nullable String reason) {
    if (reason != null || run != null) {
      run().reason = reason;
    }
  }

  boolean holds(Lease lease) {
    Run current = lease();
    return current != null && current.epoch == lease.epoch() && current.nonce == lease.nonce();
  }

  boolean isCancelRequested() {
    return run != null && run.leased && run.cancelRequested;
  }

  long deadline() {
    return extras == null ? NONE : extras.deadline;
  }

  boolean isExpired(long now) {
    return extras != null && extras.deadline != NONE && now > extras.deadline;
  }

  /** Whether it has a place to keep: it is LIFO and was READY in this generation. */
  boolean isPlaced() {
    return extras != null && extras.placed;
  }

  @Nullable JobKey key() {
    return extras == null ? null : extras.key;
  }

  Dependencies dependencies() {
    return extras == null ? Dependencies.NONE : extras.dependencies;
  }

  /** The rare parts, made when they are needed first. */
  Extras extras() {
    Extras present = extras;
    if (present == null) {
      present = new Extras();
      extras = present;
    }
    return present;
  }
}
