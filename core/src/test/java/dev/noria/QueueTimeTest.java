package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.Ack;
import dev.noria.storage.CallId;
import dev.noria.storage.Capability;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Exchange;
import dev.noria.storage.ExtendReceipt;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeaseUse;
import dev.noria.storage.Maintained;
import dev.noria.storage.ServerClock;
import dev.noria.storage.StorageInfo;
import dev.noria.tck.ManualTime;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class QueueTimeTest {
  private static final Duration AHEAD = Duration.ofHours(1);

  private final ManualTime time = new ManualTime();

  /** A storage whose server is an hour ahead of this process. */
  private record Server(JobStorage storage, TimeSource time) implements JobStorage {
    @Override
    public List<EnqueueReceipt> enqueue(CallId call, List<NewJob> jobs, Instant now) {
      return storage.enqueue(call, jobs, now);
    }

    @Override
    public Exchange exchange(CallId call, List<Ack> acks, DequeueRequest request, Instant now) {
      return storage.exchange(call, acks, request, now);
    }

    @Override
    public List<ExtendReceipt> extend(List<LeaseUse> leases, Instant expiresAt, Instant now) {
      return storage.extend(leases, expiresAt, now);
    }

    @Override
    public Maintained maintain(int limit, Instant now) {
      return storage.maintain(limit, now);
    }

    @Override
    public List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
      return storage.find(ids, parts);
    }

    @Override
    public StorageInfo info() {
      return storage.info();
    }

    @Override
    public <T extends Capability> Optional<T> capability(Class<T> type) {
      ServerClock clock = () -> time.now().plus(AHEAD);
      return type == ServerClock.class ? Optional.of(type.cast(clock)) : storage.capability(type);
    }

    @Override
    public void close() {
      storage.close();
    }
  }

  @Test
  void thePluginsTime_isTheServersOnceTheQueueIsOpen() {
    AtomicReference<TimeSource> seen = new AtomicReference<>();
    Plugin plugin = Plugin.of("watch", installer -> seen.set(installer.time()));
    try (JobQueue queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .time(time)
            .storage(() -> new Server(ReferenceStorage.create(), time))
            .build()
            .use(plugin)) {
      assertThat(queue.describe()).isNotEmpty();

      time.advance(Duration.ofSeconds(5));

      assertThat(seen.get().now()).isEqualTo(time.now().plus(AHEAD));
      assertThat(seen.get().nanos()).isEqualTo(time.nanos());
    }
  }
}
