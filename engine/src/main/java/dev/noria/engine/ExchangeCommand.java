package dev.noria.engine;

import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Acks, then dequeues (S2, S3). */
final class ExchangeCommand extends Command<Granted> {
  private final CallId call;
  private final List<Ending> endings;
  private final DequeueRequest request;

  /** Which process takes the leases; 0: nobody keeps count. */
  private final long instance;

  ExchangeCommand(Asked asked, List<Ending> endings, long instance, long now) {
    super(now);
    this.call = asked.call;
    this.endings = endings;
    this.request = asked.request;
    this.instance = instance;
  }

  /** Who asks for what. */
  record Asked(CallId call, DequeueRequest request) {}

  @Override
  Kind kind() {
    return Kind.EXCHANGE;
  }

  @Override
  void write(Out out) {
    Wire.call(out, call);
    out.fixed(instance);
    out.name(request.owner());
    out.fixed(request.nonce());
    out.instant(request.expiresAt());
    out.number(request.total());
    out.number(request.maxBytes());
    out.list(
        request.demands(),
        demand -> {
          out.name(demand.queue());
          out.number(demand.limit());
        });
    out.number(endings.size());
    for (Ending ending : endings) {
      Ending.write(out, ending.ack());
    }
  }

  static ExchangeCommand read(In in, long now) {
    CallId call = Wire.call(in);
    long instance = in.fixed();
    String owner = in.name();
    long nonce = in.fixed();
    Instant expiresAt = in.instant();
    int total = in.integer();
    long maxBytes = in.number();
    List<Demand> demands =
        in.list(
            () -> {
              String queue = in.name();
              return new Demand(queue, in.integer());
            });
    DequeueRequest request =
        new DequeueRequest(owner, nonce, expiresAt, demands, total, maxBytes, false, 0);
    List<Ending> endings = in.list(() -> Ending.read(in));
    return new ExchangeCommand(new Asked(call, request), endings, instance, now);
  }

  @Override
  Granted run(Engine engine) {
    Granted granted = engine.exchange(call, endings, request, now);
    if (instance != 0 && !granted.jobs().isEmpty()) {
      engine.world.owners.putIfAbsent(request.nonce(), instance);
    }
    return granted;
  }

  @Override
  Optional<Granted> answer(Engine engine) {
    Granted again = engine.world.calls.again(call, Granted.class);
    if (again != null) {
      return Optional.of(again);
    }
    if (!endings.isEmpty() || engine.world.dependents.hasUnsettled()) {
      return Optional.empty();
    }
    return Optional.ofNullable(new Dequeuing(engine.world, request, now).answer());
  }

  @Override
  void own(Engine engine, Granted reply) {
    if (request.total() == 0) {
      return;
    }
    Outbox outbox = engine.world.outbox;
    outbox.unpark(call.client(), request.demands());
    if (request.park() && reply.jobs().size() < request.total()) {
      outbox.park(call.client(), request.demands());
    }
  }

  /** Acks that come from a caller. */
  static ExchangeCommand of(Asked asked, List<Ack> acks, long instance, long now) {
    return new ExchangeCommand(asked, Ending.of(acks), instance, now);
  }
}
