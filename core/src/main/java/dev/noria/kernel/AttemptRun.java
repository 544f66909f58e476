package dev.noria.kernel;

import static java.util.Objects.requireNonNull;

import dev.noria.chain.Attempt;
import dev.noria.job.Bytes;
import dev.noria.job.Cancellation;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobKind;
import dev.noria.job.JobNotes;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.job.Outcome;
import dev.noria.job.Reasons;
import dev.noria.plugin.PayloadStage.Content;
import dev.noria.plugin.PayloadStage.Context;
import dev.noria.storage.Ack;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.Notes;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt: what its handler sees, how it is stopped, and which verdict it got. Thread-safe. */
final class AttemptRun implements Attempt {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptRun.class);

  private final HeldJob held;
  private final LeasedJob job;
  private final Handling handling;
  private final AttemptServices services;
  private final CancelToken cancellation = new CancelToken();
  private final AtomicReference<@Nullable Outcome> verdict = new AtomicReference<>();
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
  private final Object lock = new Object();
  private final Set<Stop> interrupts = EnumSet.noneOf(Stop.class);
  private @Nullable Thread thread;
  private @Nullable Phase phase;
  private List<NewJob> followUps = List.of();
  private @Nullable Map<Class<?>, Object> provided;
  private @Nullable Object payload;

  /** Why the kernel wants the handler to stop. */
  enum Stop {
    TIMEOUT,
    CANCELLED,
    LOST,
    UNSAFE,
    SHUTDOWN
  }

  private enum Phase {
    IN_HANDLER,
    ENDED,
    ABANDONED
  }

  AttemptRun(HeldJob held, Handling handling, AttemptServices services) {
    this.held = held;
    this.handling = handling;
    this.job = held.job;
    this.services = services;
  }

  // How the kernel steers it.

  /** False when the attempt was stopped already: its handler does not start any more. */
  boolean enterHandler() {
    synchronized (lock) {
      if (stop.get() != null || phase == Phase.ABANDONED) {
        return false;
      }
      thread = Thread.currentThread();
      phase = Phase.IN_HANDLER;
      return true;
    }
  }

  /** After this nobody interrupts the thread any more; a pending interrupt is cleared. */
  void leaveHandler() {
    synchronized (lock) {
      thread = null;
    }
    boolean ignored = Thread.interrupted();
  }

  /** Whether this thread is in the handler. */
  boolean runsOn(Thread candidate) {
    synchronized (lock) {
      return candidate.equals(thread);
    }
  }

  /** Asks the handler to stop; the first reason stands. Interrupts once for each reason. */
  void stop(Stop kind, String reason) {
    stop.compareAndSet(null, kind);
    cancellation.request(reason);
    synchronized (lock) {
      if (thread != null && interrupts.add(kind)) {
        thread.interrupt();
      }
    }
  }

  @Nullable Stop stopped() {
    return stop.get();
  }

  /** The attempt returned; false when it had been given up before. */
  boolean end() {
    synchronized (lock) {
      if (phase == Phase.ABANDONED) {
        return false;
      }
      phase = Phase.ENDED;
      return true;
    }
  }

  /** Gives the attempt up; false when it returned before. */
  boolean abandon() {
    synchronized (lock) {
      if (phase == Phase.ENDED || phase == Phase.ABANDONED) {
        return false;
      }
      phase = Phase.ABANDONED;
      return true;
    }
  }

  HeldJob held() {
    return held;
  }

  TimeKeeper timeKeeper() {
    return services.timeKeeper();
  }

  void decode(LeasedJob from) {
    Context context = PayloadStep.context(from, Content.PAYLOAD);
    payload = services.payloads().decode(from.payload(), handling.kind().payload(), context);
  }

  /** Runs the handler with the decoded payload. */
  @Nullable Object handle() throws Exception {
    Object decoded = payload;
    if (decoded == null) {
      throw new IllegalStateException(
          "The payload of job " + id() + " is null. Expected an object; the codec decoded none.");
    }
    return handling.handler().handle(decoded, this);
  }

  @Nullable Outcome verdict() {
    return verdict.get();
  }

  List<NewJob> followUps() {
    return followUps;
  }

  /** What a failed attempt wanted to happen next does not, whatever a plugin makes of it. */
  void forgetFollowUps() {
    synchronized (lock) {
      followUps = List.of();
    }
  }

  @Override
  public <T> void provide(Class<T> type, T service) {
    if (provided == null) {
      provided = new HashMap<>();
    }
    provided.put(type, service);
  }

  // What the handler sees.

  @Override
  public JobId id() {
    return job.id();
  }

  @Override
  public String type() {
    return job.type();
  }

  @Override
  public String queue() {
    return job.queue();
  }

  @Override
  public int attempt() {
    return job.attempt();
  }

  @Override
  public int maxAttempts() {
    return job.maxAttempts();
  }

  @Override
  public long epoch() {
    return job.lease().epoch();
  }

  @Override
  public Map<String, String> headers() {
    return job.headers();
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public boolean isLeaseValid() {
    return stop.get() != Stop.LOST
        && stop.get() != Stop.UNSAFE
        && held.isSafe(services.clock().nanos());
  }

  @Override
  public boolean extend() {
    return services.heartbeat().extendNow(held);
  }

  @Override
  public void progress(int percent, String message) {
    Bytes text = note(message);
    write((notes, now) -> notes.progress(job.lease(), new JobNotes.Progress(percent, text)));
  }

  @Override
  public void log(String line) {
    Bytes text = note(line);
    write((notes, now) -> notes.log(job.lease(), List.of(new JobNotes.LogLine(now, text))));
  }

  private Bytes note(String text) {
    Bytes plain = Bytes.utf8(Limits.cut(text, JobNotes.TEXT_BYTES));
    return services.payloads().write(plain, new Context(id(), queue(), type(), Content.NOTE));
  }

  private void write(BiPredicate<Notes, Instant> change) {
    Notes notes = services.storage().capability(Notes.class).orElse(null);
    if (notes != null && !change.test(notes, services.clock().now())) {
      LOG.debug("A note of job {} came after its lease was lost.", id());
    }
  }

  @Override
  public <P> JobId followUp(JobKind<P> kind, P payload, JobOption... options) {
    NewJob next = services.jobs().prepare(new JobRequest<>(kind, payload, List.of(options)));
    EnqueueReceipt receipt = services.jobs().enqueuePrepared(List.of(next), this::keep).get(0);
    return Client.accepted(next, receipt).id();
  }

  /** What has passed the chain waits for the ack. */
  private List<EnqueueReceipt> keep(List<NewJob> accepted) {
    synchronized (lock) {
      List<NewJob> more = new ArrayList<>(followUps);
      more.addAll(accepted);
      followUps = List.copyOf(more);
    }
    return accepted.stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList();
  }

  @Override
  public void snooze(Duration delay) {
    judge(new Outcome.Released(services.clock().now().plus(delay), Reasons.SNOOZED));
  }

  @Override
  public void retryIn(Duration delay, String why) {
    judge(
        new Outcome.Retry(
            services.clock().now().plus(delay), ErrorInfo.of("RETRY", requireNonNull(why, "why"))));
  }

  @Override
  public void fail(String why) {
    judge(new Outcome.Dead(ErrorInfo.of("FAILED", requireNonNull(why, "why"))));
  }

  @Override
  public void ackWithin(Connection connection) {
    judge(new Outcome.Acked());
    services.acks().within(connection, new Ack.Completed(job.lease(), null, null, followUps));
    held.done();
  }

  private void judge(Outcome outcome) {
    if (!verdict.compareAndSet(null, outcome)) {
      throw new IllegalStateException(
          "The attempt of job "
              + id()
              + " has a verdict already: "
              + verdict.get()
              + ". Call only one of snooze, retryIn, fail and ackWithin, and only once.");
    }
  }

  @Override
  public <T> T get(Class<T> service) {
    Object own = provided == null ? null : provided.get(service);
    return own == null ? services.shared(service) : service.cast(own);
  }
}
