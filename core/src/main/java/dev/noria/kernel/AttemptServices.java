package dev.noria.kernel;

import dev.noria.plugin.Jobs;
import dev.noria.storage.JobStorage;
import dev.noria.wiring.Services;

/** What every attempt of a worker shares. */
record AttemptServices(
    KernelClock clock,
    JobStorage storage,
    Payloads payloads,
    Jobs jobs,
    HeartbeatLoop heartbeat,
    TransactionalAcks acks,
    TimeKeeper timeKeeper,
    Services services) {

  <T> T shared(Class<T> service) {
    return services
        .find(service)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "No plugin provides "
                        + service.getName()
                        + ". Expected a plugin that calls"
                        + " installer.provide(…) with it; add that plugin to the queue."));
  }
}
