package dev.noria.kernel;

import static java.util.Objects.requireNonNull;

import dev.noria.chain.Chains;
import dev.noria.job.Limits;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.Exchange;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.ServerClock;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop of a worker that talks to its storage: finished acks go out and new jobs come in
 * with one call. A call that fails for a passing reason is repeated with the same {@link CallId}
 * until it works; handlers go on meanwhile. For one thread at a time: one that hangs in a call is
 * replaced, and the call is repeated by another one.
 */
final class ExchangeLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeLoop.class);
  private static final long BUFFER_BYTES = 64L * 1024 * 1024;
  private static final long OVERDUE_MILLIS = 20;

  /** So that work goes on within five seconds after an outage, however long it was. */
  private static final long MOST_BACKOFF_MILLIS = 4_000;

  private static final long WITHHELD_MILLIS = 250;

  /** After so many failures that look like a bug, the acks of a call are sent one by one. */
  private static final int MOST_BUGS = 3;

  private static final long SAFETY_MIN_MILLIS = 5_000;
  private static final long SAFETY_MAX_MILLIS = 30_000;

  private final Worker worker;
  private final JobStorage storage;
  private final KernelClock clock;
  private final Chains chains;
  private final AckEvents ackEvents;
  private final Calls.Client client = new Calls.Client();
  private final Intake intake;
  private final Backoff backoff = new Backoff(MOST_BACKOFF_MILLIS);

  /** The call that is on its way, or waits to be repeated. */
  private volatile @Nullable Round pending;

  /** Acks whose call failed for good, to be sent one by one. */
  private final Queue<Single> singles = new ConcurrentLinkedQueue<>();

  private final AtomicReference<@Nullable Tenure> calling = new AtomicReference<>();

  /** One ack on its own, as it left the ack chain. */
  private record Single(CallId call, Done done, Ack sent) {}

  ExchangeLoop(Worker worker) {
    this.worker = worker;
    this.storage = worker.storage();
    this.clock = worker.clock();
    this.chains = worker.chains();
    this.ackEvents = new AckEvents(worker.listeners(), clock);
    this.intake = new Intake(worker);
  }

  /** No new jobs from now on; acks still go out. */
  void stopDequeuing() {
    intake.close();
  }

  /** Whether a call waits to be repeated. */
  boolean isRepeating() {
    return pending != null || !singles.isEmpty();
  }

  /** Whether a call is on its way: it may still bring jobs, or take acks along. */
  boolean isCalling() {
    return calling.get() != null;
  }

  /** One exchange, if there is anything to say; answers when to come back. */
  long turn(Tenure tenure) {
    // Before the look at the intake: whoever closes that sees this, or this sees the end.
    calling.set(tenure);
    try {
      return next(tenure);
    } finally {
      boolean ignored = calling.compareAndSet(tenure, null);
    }
  }

  private long next(Tenure tenure) {
    boolean known = clock.isKnown() || tenure.out(this::askForTime);
    if (!known) {
      return backoff.nextMillis();
    }
    Single single = singles.peek();
    if (single != null) {
      return ackAlone(tenure, single);
    }
    Round round = pending;
    if (round == null) {
      Limits limits = storage.info().limits();
      List<Done> done = worker.acks().drain(limits.batchJobs(), limits.batchBytes());
      DequeueRequest request = request();
      if (done.isEmpty() && request.total() == 0) {
        return intake.isShunning() ? WITHHELD_MILLIS : safetyMillis();
      }
      round = new Round(client.next(), done, request, Pauses.of(worker.queues()));
    } else if (round.tenure != null) {
      round = round.again();
    }
    pending = round;
    return exchange(tenure, round);
  }

  /** A start during an outage: nothing is due by a clock that is not the server's. */
  private boolean askForTime() {
    long sentNanos = clock.nanos();
    try {
      clock.sampled(storage.capability(ServerClock.class).orElseThrow().serverTime(), sentNanos);
      return true;
    } catch (StorageException e) {
      LOG.debug("The storage server does not tell its time yet", e);
      return false;
    }
  }

  private static long safetyMillis() {
    return ThreadLocalRandom.current().nextLong(SAFETY_MIN_MILLIS, SAFETY_MAX_MILLIS);
  }

  private DequeueRequest request() {
    Instant expiresAt = clock.now().plus(worker.options().lease());
    List<Demand> demands = intake.isOpen() ? worker.demands().next() : List.of();
    if (demands.isEmpty()) {
      return DequeueRequest.nothing(worker.id(), worker.nonce(), expiresAt);
    }
    int most = storage.info().limits().batchJobs();
    int total = Math.min(most, worker.demands().total());
    return new DequeueRequest(
        worker.id(),
        worker.nonce(),
        expiresAt,
        demands,
        total,
        BUFFER_BYTES,
        true,
        worker.policyVersion());
  }

  /** While the call lasts another thread may take over, and repeat it. */
  private long exchange(Tenure tenure, Round round) {
    long start = clock.nanos();
    round.begin(tenure, start);
    boolean done = tenure.out(() -> callChains(round));
    round.tenure = null;
    if (!done) {
      return failed(round);
    }
    pending = null;
    backoff.reset();
    worker.demands().observe(round.attempts(), start, clock.nanos());
    return take(round);
  }

  /** Whether it worked; else the round knows why not. */
  private boolean callChains(Round round) {
    try {
      round.wanted = throughChains(round);
      return true;
    } catch (StorageException e) {
      round.failure = e;
    } catch (RuntimeException e) {
      round.failure = new StorageException(Kind.INTERNAL, "The exchange broke: " + e, e);
    }
    return false;
  }

  /** The ack chain around the dequeue chain around the storage; the call happens exactly once. */
  private List<LeasedJob> throughChains(Round round) {
    List<Ack> acks = round.done.stream().map(Done::ack).toList();
    List<LeasedJob> wanted = new ArrayList<>();
    List<AckReceipt> ignored =
        chains.ack(
            acks,
            changed -> {
              round.sent = changed;
              wanted.addAll(dequeue(round, changed));
              return round.answer().receipts();
            });
    if (round.failure != null) {
      throw round.failure;
    }
    return wanted;
  }

  private List<LeasedJob> dequeue(Round round, List<Ack> acks) {
    List<LeasedJob> jobs = List.of();
    try {
      jobs = chains.dequeue(round.request, request -> call(round, acks, request).jobs());
    } catch (Throwable e) {
      if (round.failure != null) {
        throw round.failure;
      }
      LOG.error("A dequeue middleware threw; what it had leased goes back.", e);
    }
    round.withheld = round.answer == null;
    if (round.withheld) {
      Instant expiresAt = round.request.expiresAt();
      call(round, acks, DequeueRequest.nothing(worker.id(), worker.nonce(), expiresAt));
    }
    return jobs;
  }

  private Exchange call(Round round, List<Ack> acks, DequeueRequest request) {
    if (round.tenure != null && round.tenure.isGone()) {
      // A middleware came back late: somebody else makes this call by now.
      round.failure = new StorageException(Kind.UNAVAILABLE, "The exchange has another thread.");
    }
    if (round.failure != null) {
      throw round.failure;
    }
    if (!round.unknown) {
      // What certainly did not happen leased nothing: the leases count from this try.
      round.startNanos = clock.nanos();
    }
    Instant now = clock.now();
    DequeueRequest fresh = request.expiringAt(now.plus(worker.options().lease()));
    try {
      Exchange answer = storage.exchange(round.call, acks, fresh, now);
      round.asked(fresh);
      round.answer = answer;
      return answer;
    } catch (StorageException e) {
      round.failure = e;
      throw e;
    }
  }

  private long failed(Round round) {
    StorageException error = requireNonNull(round.failure, "failure");
    round.unknown |= error.outcomeUnknown();
    round.bugs += Calls.isBug(error) ? 1 : 0;
    if (error.isTransient() && round.bugs < MOST_BUGS) {
      return backoff.nextMillis();
    }
    if (round.answer != null) {
      round.answer.jobs().forEach(worker.acks()::giveBack);
    }
    LOG.error(
        "An exchange of {} acks failed for good; they are sent one by one.",
        round.done.size(),
        error);
    for (int i = 0; i < round.done.size(); i++) {
      singles.add(new Single(client.next(), round.done.get(i), round.sent(i)));
    }
    pending = null;
    return singles.isEmpty() ? backoff.nextMillis() : 0;
  }

  private long ackAlone(Tenure tenure, Single single) {
    Done done = single.done();
    List<Ack> acks = List.of(single.sent());
    try {
      List<AckReceipt> receipts = tenure.out(() -> storage.ack(single.call(), acks, clock.now()));
      ackEvents.tell(done, single.sent(), receipts.get(0));
      worker.slots().settled(done.job());
    } catch (StorageException e) {
      if (e.isTransient() && !Calls.isBug(e)) {
        // As it was before the ack chain, which it passes again. Whatever became of it, a second
        // ack of the same lease changes nothing (S3.2).
        worker.acks().add(done);
      } else {
        LOG.error(
            "The ack {} of job {} cannot be stored. The job is taken back when its lease expires.",
            done.ack().kind(),
            done.job().id(),
            e);
        worker.slots().settled(done.job());
      }
    }
    singles.remove();
    return singles.isEmpty() ? backoff.nextMillis() : 0;
  }

  /** Tells of the acks and takes the new jobs; answers when to come back. */
  private long take(Round round) {
    Exchange answer = round.answer();
    for (int i = 0; i < round.done.size(); i++) {
      ackEvents.tell(round.done.get(i), round.sent(i), answer.receipts().get(i));
      worker.slots().settled(round.done.get(i).job());
    }
    intake.take(round);
    boolean full = round.request.total() > 0 && answer.jobs().size() >= round.request.total();
    // The reply to a repeated call may be older than what has woken us meanwhile.
    if (full || worker.acks().size() > 0 || round.unknown) {
      return 0;
    }
    // A middleware asked for nothing: the storage does not know that we sleep, so nobody wakes us.
    return round.withheld || intake.isShunning() ? WITHHELD_MILLIS : untilDue(answer.nextDue());
  }

  private long untilDue(@Nullable Instant nextDue) {
    long safety = safetyMillis();
    if (nextDue == null) {
      return safety;
    }
    long millis = Duration.between(clock.now(), nextDue).toMillis();
    // A job that is due already but was not handed out waits for something else to change.
    return millis <= 0 ? OVERDUE_MILLIS : Math.min(safety, millis);
  }
}
