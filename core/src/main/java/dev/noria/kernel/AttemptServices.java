package dev.noria.kernel;

import dev.noria.job.Bytes;
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

  /** What does not fit must fail the attempt: its ack could never be stored. */
  void checkSize(String what, Bytes bytes) {
    int most = storage.info().limits().payloadBytes();
    if (bytes.size() > most) {
      throw new IllegalArgumentException(
          what
              + " has "
              + bytes.size()
              + " bytes. At most "
              + most
              + " fit; store large data elsewhere and keep a reference to it.");
    }
  }
}
