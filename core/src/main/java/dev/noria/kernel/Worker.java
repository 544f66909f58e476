package dev.noria.kernel;

import dev.noria.chain.Chains;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.kernel.AttemptRun.Stop;
import dev.noria.plugin.Jobs;
import dev.noria.storage.EndedJob;
import dev.noria.storage.JobStorage;
import dev.noria.storage.Signals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The parts of one worker process, put together. Thread-safe. */
public final class Worker {
  private final String id = UUID.randomUUID().toString();
  private final long nonce = ThreadLocalRandom.current().nextLong();
  private final Client client;
  private final WorkerOptions options;
  private final List<QueueSlots> queues;
  private final Chains chains;
  private final Holdings holdings = new Holdings();
  private final AtomicLong pauses = new AtomicLong();
  private final Acks acks;
  private final Slots slots;
  private final Demands demands;
  private final HeartbeatLoop heartbeat;
  private final MaintainLoop maintenance;
  private final ExchangeLoop exchange;

  /** What a worker is made of besides its client: the user's part. */
  public record Parts(
      WorkerOptions options,
      Map<String, Handling> handlers,
      List<QueueWork> queues,
      Executor executor,
      ScheduledExecutorService timer,
      Jobs jobs) {}

  /**
   * A queue to work on.
   *
   * @param name the queue
   * @param concurrency most handlers of it at once
   * @param weight its share against the other queues
   */
  public record QueueWork(String name, int concurrency, int weight) {}

  Worker(Client client, Chains chains, Parts parts) {
    this.client = client;
    this.options = parts.options();
    this.chains = chains;
    this.queues =
        parts.queues().stream()
            .map(q -> new QueueSlots(q.name(), q.concurrency(), q.weight()))
            .toList();
    this.acks = new Acks(client.payloads());
    this.heartbeat =
        new HeartbeatLoop(client.storage(), client.clock(), holdings, acks, options.lease());
    AttemptServices services =
        new AttemptServices(
            client.clock(),
            client.storage(),
            client.payloads(),
            parts.jobs(),
            heartbeat,
            new TransactionalAcks(client),
            new TimeKeeper(options.timeout(), options.abandonAfter(), parts.timer(), this::giveUp),
            client.services());
    Runner runner = new Runner(parts.handlers(), chains, services, acks, client.listeners());
    this.slots = new Slots(queues, options.concurrency(), parts.executor(), runner);
    this.demands = new Demands(queues, slots, options.concurrency());
    this.maintenance =
        new MaintainLoop(client.storage(), client.clock(), client.listeners(), options.lease());
    this.exchange = new ExchangeLoop(this);
  }

  /** Gives up an attempt that did not stop in time, and its slot. */
  private void giveUp(AttemptRun run) {
    if (run.abandon()) {
      slots.abandon(run.held());
      acks.slotFreed();
      heartbeat.abandon(List.of(run.held()));
    }
  }

  /** Gives up every attempt that still runs; none of them is acked or counts as a crash. */
  void abandonHandlers() {
    List<HeldJob> given = new ArrayList<>();
    holdings.forEach(
        held -> {
          AttemptRun run = held.run();
          if (run != null && run.abandon()) {
            given.add(held);
          }
        });
    if (!given.isEmpty()) {
      heartbeat.abandon(given);
    }
  }

  /** Whether this thread runs one of the handlers. */
  boolean isHandler(Thread thread) {
    AtomicBoolean found = new AtomicBoolean();
    holdings.forEach(
        held -> {
          AttemptRun run = held.run();
          if (run != null && run.runsOn(thread)) {
            found.set(true);
          }
        });
    return found.get();
  }

  /** Nothing of this queue starts here from now on; what waits goes back. */
  void pause(String queue) {
    for (QueueSlots slots : queues) {
      if (slots.name.equals(queue)) {
        slots.hold(pauses.incrementAndGet());
        giveBackBuffered(held -> held.queue == slots);
      }
    }
  }

  /** Ends {@link #pause}. */
  void resume(String queue) {
    queues.stream().filter(slots -> slots.name.equals(queue)).forEach(QueueSlots::letGo);
  }

  void giveBackBuffered(Predicate<HeldJob> which) {
    holdings.forEach(
        held -> {
          if (held.isWaiting() && which.test(held)) {
            acks.giveBack(held);
          }
        });
    slots.prune();
  }

  /** Asks every running handler to stop. */
  void stopHandlers() {
    holdings.forEach(
        held -> {
          AttemptRun run = held.run();
          if (run != null) {
            run.stop(Stop.SHUTDOWN, "The worker stops.");
          }
        });
  }

  /** Whether nothing is held and nothing waits to be acked. */
  boolean isQuiet() {
    // In this order: an ack is counted, then part of a call, then perhaps of one to repeat.
    return isIdle() && acks.size() == 0 && !exchange.isCalling() && !exchange.isRepeating();
  }

  /** Whether nothing is held, and no call is on its way that may bring something. */
  boolean isIdle() {
    // In this order: what a call has brought is held before the call is over.
    return !exchange.isCalling() && holdings.isEmpty();
  }

  /** Hears the storage: wakes the exchange loop, stops cancelled jobs. */
  Signals.Listener ears(Runnable wakeExchange) {
    return new Signals.Listener() {
      @Override
      public void workReady(String queue, @Nullable Instant due) {
        wakeExchange.run();
      }

      @Override
      public void jobFinished(JobId id, JobState state) {}

      @Override
      public void cancelRequested(JobId id) {
        heartbeat.cancel(id);
      }
    };
  }

  void tellEnded(List<EndedJob> ended) {
    maintenance.tell(ended);
  }

  /** Random per start; never the host name. */
  public String id() {
    return id;
  }

  long nonce() {
    return nonce;
  }

  WorkerOptions options() {
    return options;
  }

  List<QueueSlots> queues() {
    return queues;
  }

  JobStorage storage() {
    return client.storage();
  }

  KernelClock clock() {
    return client.clock();
  }

  long policyVersion() {
    return client.policyVersion();
  }

  Calls calls() {
    return client.calls();
  }

  Listeners listeners() {
    return client.listeners();
  }

  Chains chains() {
    return chains;
  }

  Holdings holdings() {
    return holdings;
  }

  Acks acks() {
    return acks;
  }

  Slots slots() {
    return slots;
  }

  Demands demands() {
    return demands;
  }

  HeartbeatLoop heartbeat() {
    return heartbeat;
  }

  MaintainLoop maintenance() {
    return maintenance;
  }

  ExchangeLoop exchange() {
    return exchange;
  }
}
