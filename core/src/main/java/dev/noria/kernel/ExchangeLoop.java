package dev.noria.kernel;

import static java.util.Objects.requireNonNull;

import dev.noria.chain.Chains;
import dev.noria.job.JobId;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop of a worker that talks to its storage: finished acks go out and new jobs come in
 * with one call. A call that fails for a passing reason is repeated with the same {@link CallId}
 * until it works; handlers go on meanwhile. For one thread.
 */
final class ExchangeLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeLoop.class);
  private static final long BUFFER_BYTES = 64L * 1024 * 1024;
  private static final long OVERDUE_MILLIS = 20;

  /** So that work goes on within five seconds after an outage, however long it was. */
  private static final long MOST_BACKOFF_MILLIS = 4_000;

  private static final long WITHHELD_MILLIS = 250;
  private static final long SUSPECT_MILLIS = 1_000;

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
  private final Map<String, QueueSlots> queues;
  private final Backoff backoff = new Backoff(MOST_BACKOFF_MILLIS);
  private @Nullable Round repeat;
  private volatile boolean dequeuing = true;
  private volatile boolean calling;

  /** Whether a middleware wanted nothing of what came; then nothing is asked for until then. */
  private boolean shun;

  private long shunUntilNanos;

  ExchangeLoop(Worker worker) {
    this.worker = worker;
    this.storage = worker.storage();
    this.clock = worker.clock();
    this.chains = worker.chains();
    this.ackEvents = new AckEvents(worker.listeners(), clock);
    this.queues = worker.queues().stream().collect(Collectors.toMap(q -> q.name, q -> q));
  }

  /** No new jobs from now on; acks still go out. */
  void stopDequeuing() {
    dequeuing = false;
  }

  /** Whether a call waits to be repeated. */
  boolean isRepeating() {
    return repeat != null;
  }

  /** Whether a call is on its way: it may still bring jobs, or take acks along. */
  boolean isCalling() {
    return calling;
  }

  /** One exchange, if there is anything to say; answers when to come back. */
  long turn() {
    // Before the look at `dequeuing`: whoever ends that sees this, or this sees the end.
    calling = true;
    try {
      return next();
    } finally {
      calling = false;
    }
  }

  private long next() {
    if (!clock.isKnown() && !askForTime()) {
      return backoff.nextMillis();
    }
    Round round = repeat;
    if (round == null) {
      Limits limits = storage.info().limits();
      List<Done> done = worker.acks().drain(limits.batchJobs(), limits.batchBytes());
      DequeueRequest request = request();
      if (done.isEmpty() && request.total() == 0) {
        return shunning() ? WITHHELD_MILLIS : safetyMillis();
      }
      round = new Round(client.next(), done, request, Pauses.of(worker.queues()));
    }
    return exchange(round);
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
    List<Demand> demands = dequeuing && !shunning() ? worker.demands().next() : List.of();
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

  private long exchange(Round round) {
    long start = clock.nanos();
    List<LeasedJob> jobs;
    try {
      jobs = callChains(round);
    } catch (StorageException e) {
      return failed(round, e);
    } catch (RuntimeException e) {
      return failed(round, new StorageException(Kind.INTERNAL, "The exchange broke: " + e, e));
    }
    repeat = null;
    backoff.reset();
    worker.demands().observe(round.attempts(), start, clock.nanos());
    return take(round, round.answer(), jobs);
  }

  /** The ack chain around the dequeue chain around the storage; the call happens exactly once. */
  private List<LeasedJob> callChains(Round round) {
    round.answer = null;
    round.failure = null;
    round.sent = null;
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

  private long failed(Round round, StorageException error) {
    round.unknown |= error.outcomeUnknown();
    round.bugs += Calls.isBug(error) ? 1 : 0;
    if (error.isTransient() && round.bugs < MOST_BUGS) {
      repeat = round;
      return backoff.nextMillis();
    }
    repeat = null;
    if (round.answer != null) {
      round.answer.jobs().forEach(worker.acks()::giveBack);
    }
    LOG.error(
        "An exchange of {} acks failed for good; they are sent one by one.",
        round.done.size(),
        error);
    for (int i = 0; i < round.done.size(); i++) {
      ackAlone(round.done.get(i), round.sent(i));
    }
    return backoff.nextMillis();
  }

  private void ackAlone(Done done, Ack sent) {
    try {
      List<AckReceipt> receipts = storage.ack(client.next(), List.of(sent), clock.now());
      ackEvents.tell(done, sent, receipts.get(0));
      worker.slots().settled(done.job());
    } catch (StorageException e) {
      if (e.isTransient() && !Calls.isBug(e)) {
        // As it was before the ack chain, which it passes again. Whatever became of it, a second
        // ack of the same lease changes nothing (S3.2).
        worker.acks().add(done);
        return;
      }
      LOG.error(
          "The ack {} of job {} cannot be stored. The job is taken back when its lease expires.",
          done.ack().kind(),
          done.job().id(),
          e);
      worker.slots().settled(done.job());
    }
  }

  /** Hands the new jobs to the slots; answers when to come back. */
  private long take(Round round, Exchange answer, List<LeasedJob> wanted) {
    for (int i = 0; i < round.done.size(); i++) {
      ackEvents.tell(round.done.get(i), round.sent(i), answer.receipts().get(i));
      worker.slots().settled(round.done.get(i).job());
    }
    worker.tellEnded(answer.ended());
    giveBackPaused(answer.pausedQueues());
    round.letGo(answer.pausedQueues());
    List<LeasedJob> ours = ours(wanted);
    giveBackUnwanted(answer.jobs(), ours);
    if (!dequeuing || isOld(round)) {
      ours.forEach(worker.acks()::giveBack);
    } else if (!ours.isEmpty()) {
      hold(ours, round.startNanos);
    }
    if (!dequeuing) {
      // Whoever ended it may have looked at the buffer before these were in it.
      worker.giveBackBuffered(held -> true);
    }
    boolean full = round.request.total() > 0 && answer.jobs().size() >= round.request.total();
    if (full || worker.acks().size() > 0) {
      return 0;
    }
    // A middleware asked for nothing: the storage does not know that we sleep, so nobody wakes us.
    return round.withheld || shunning() ? WITHHELD_MILLIS : untilDue(answer.nextDue());
  }

  /** A reply that comes late brings leases that a heartbeat might not reach in time. */
  private boolean isOld(Round round) {
    return clock.nanos() - round.startNanos > worker.options().lease().toNanos() / 3;
  }

  /** A middleware may have asked for queues that nobody works on here: their jobs go back. */
  private List<LeasedJob> ours(List<LeasedJob> wanted) {
    for (LeasedJob job : wanted) {
      if (!queues.containsKey(job.queue())) {
        LOG.error("Job {} of queue '{}' was not asked for; it goes back.", job.id(), job.queue());
        return wanted.stream().filter(each -> queues.containsKey(each.queue())).toList();
      }
    }
    return wanted;
  }

  private boolean shunning() {
    return shun && clock.nanos() - shunUntilNanos < 0;
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

  private void hold(List<LeasedJob> leased, long startNanos) {
    List<LeasedJob> jobs = withRoom(leased);
    if (jobs.isEmpty()) {
      return;
    }
    Holdings holdings = worker.holdings();
    long safeUntil = worker.heartbeat().safeUntil(startNanos);
    LeaseBatch batch = new LeaseBatch(holdings, jobs.size(), startNanos, safeUntil);
    List<HeldJob> held = new ArrayList<>(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      LeasedJob job = jobs.get(i);
      HeldJob fresh = new HeldJob(job, requireNonNull(queues.get(job.queue())), batch, i);
      batch.put(i, fresh);
      held.add(fresh);
    }
    holdings.add(batch);
    held.forEach(worker.slots()::add);
    worker.slots().pump();
  }

  /** Without those suspects that would have to wait for too many others. */
  private List<LeasedJob> withRoom(List<LeasedJob> leased) {
    int room = worker.slots().roomForSuspects();
    List<LeasedJob> jobs = new ArrayList<>(leased.size());
    for (LeasedJob job : leased) {
      if (job.crashes() == 0 || room-- > 0) {
        jobs.add(job);
      } else {
        worker.demands().beware();
        giveBackLater(job, SUSPECT_MILLIS);
      }
    }
    return jobs;
  }

  private void giveBackLater(LeasedJob job, long millis) {
    worker.acks().giveBack(job, clock.now().plusMillis(millis), null);
  }

  private void giveBackPaused(Set<String> paused) {
    if (!paused.isEmpty()) {
      worker.giveBackBuffered(held -> paused.contains(held.job.queue()));
    }
  }

  /** Leases that a middleware filtered out, or lost by throwing, must not linger. */
  private void giveBackUnwanted(List<LeasedJob> leased, List<LeasedJob> wanted) {
    if (leased == wanted || leased.size() == wanted.size()) {
      return;
    }
    Set<JobId> kept = new HashSet<>();
    wanted.forEach(job -> kept.add(job.id()));
    for (LeasedJob job : leased) {
      if (!kept.contains(job.id())) {
        // Not at once: it would come first again, and keep what stands behind it away.
        giveBackLater(job, WITHHELD_MILLIS);
      }
    }
    if (wanted.isEmpty()) {
      shun = true;
      shunUntilNanos = clock.nanos() + WITHHELD_MILLIS * 1_000_000;
    }
  }
}
