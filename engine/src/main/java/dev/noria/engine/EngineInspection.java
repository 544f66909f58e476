package dev.noria.engine;

import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.Page;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import dev.noria.storage.Inspection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looking at what is stored (C1). */
final class EngineInspection implements Inspection {
  private final Access access;

  EngineInspection(Access access) {
    this.access = access;
  }

  @Override
  public Page<StoredJob> list(JobFilter filter, @Nullable String cursor, int limit) {
    Capabilities.checkLimit(limit);
    JobId after = cursor == null ? null : JobId.parse(cursor);
    Page<Shown> page = access.read(world -> list(world, filter, after, limit));
    List<StoredJob> jobs =
        page.items().stream().map(shown -> shown.load(Set.of(), access.contents())).toList();
    return new Page<>(jobs, page.next());
  }

  private static Page<Shown> list(World world, JobFilter filter, @Nullable JobId after, int limit) {
    List<Entry> examined = world.jobs.after(after, EXAMINED);
    List<Shown> found = new ArrayList<>();
    JobId last = null;
    for (Entry entry : examined) {
      if (found.size() == limit) {
        return new Page<>(found, String.valueOf(last));
      }
      if (passes(filter, entry)) {
        found.add(Shown.of(entry));
      }
      last = entry.id();
    }
    return new Page<>(found, examined.size() < EXAMINED ? null : String.valueOf(last));
  }

  private static boolean passes(JobFilter filter, Entry entry) {
    JobKey key = entry.key();
    Instant from = filter.from();
    Instant to = filter.to();
    Instant enqueuedAt = Instant.ofEpochMilli(entry.enqueuedAt);
    return is(filter.queue(), entry.queue())
        && is(filter.type(), entry.shape.type)
        && (filter.states().isEmpty() || filter.states().contains(entry.state))
        && is(filter.group(), entry.group())
        && is(filter.key(), key == null ? null : key.name())
        && (from == null || !enqueuedAt.isBefore(from))
        && (to == null || enqueuedAt.isBefore(to))
        && is(filter.fingerprint(), filter.fingerprint() == null ? null : fingerprint(entry));
  }

  private static boolean is(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }

  private static @Nullable String fingerprint(Entry entry) {
    List<Attempt> history = entry.extras == null ? List.of() : entry.extras.history();
    return history.isEmpty() ? null : history.get(history.size() - 1).fingerprint();
  }

  @Override
  public QueueCounts counts(String queue) {
    return access.read(
        world -> {
          NamedQueue found = world.queues.get(queue);
          return (found == null ? new Counts() : found.counts).snapshot();
        });
  }

  @Override
  public Optional<Instant> oldestReady(String queue) {
    return access.read(
        world ->
            Optional.ofNullable(world.queues.get(queue))
                .map(named -> Shown.instant(named.oldestReady())));
  }

  @Override
  public List<QueueState> queues() {
    return access.read(
        world ->
            world.queues.values().stream()
                .filter(NamedQueue::exists)
                .map(queue -> new QueueState(queue.name, queue.paused))
                .sorted(Comparator.comparing(QueueState::name, Bytewise.ORDER))
                .toList());
  }
}
