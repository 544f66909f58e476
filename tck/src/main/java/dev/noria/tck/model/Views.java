package dev.noria.tck.model;

import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import dev.noria.storage.Inspection;
import dev.noria.storage.Inspection.QueueState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looking at what is stored (S6, C1, C9.1). */
final class Views {
  private final Realm realm;

  Views(Realm realm) {
    this.realm = realm;
  }

  List<StoredJob> find(Collection<JobId> ids, Set<Part> parts) {
    return ids.stream()
        .map(realm::job)
        .filter(Objects::nonNull)
        .map(entry -> entry.stored(parts))
        .toList();
  }

  Page<StoredJob> list(JobFilter filter, @Nullable String cursor, int limit) {
    List<StoredJob> items = new ArrayList<>();
    int examined = 0;
    JobId last = null;
    for (Entry entry : after(cursor).values()) {
      if (items.size() == limit || examined == Inspection.EXAMINED) {
        return new Page<>(items, String.valueOf(last));
      }
      examined++;
      last = entry.id();
      if (passes(filter, entry)) {
        items.add(entry.stored(Set.of()));
      }
    }
    return new Page<>(items, null);
  }

  Page<StoredJob> export(@Nullable String cursor, int limit) {
    List<Entry> page = after(cursor).values().stream().limit(limit).toList();
    boolean last = page.size() < limit;
    return new Page<>(
        page.stream().map(entry -> entry.stored(EnumSet.allOf(Part.class))).toList(),
        last ? null : page.get(page.size() - 1).id().toString());
  }

  private NavigableMap<JobId, Entry> after(@Nullable String cursor) {
    return cursor == null ? realm.jobs : realm.jobs.tailMap(JobId.parse(cursor), false);
  }

  private static boolean passes(JobFilter filter, Entry entry) {
    return isOrAny(filter.queue(), entry.job.queue())
        && isOrAny(filter.type(), entry.job.type())
        && (filter.states().isEmpty() || filter.states().contains(entry.state))
        && isOrAny(filter.group(), entry.job.group())
        && isOrAny(filter.key(), entry.job.key() == null ? null : entry.job.key().name())
        && isOrAny(filter.fingerprint(), fingerprint(entry))
        && (filter.from() == null || !entry.enqueuedAt.isBefore(filter.from()))
        && (filter.to() == null || entry.enqueuedAt.isBefore(filter.to()));
  }

  private static boolean isOrAny(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }

  private static @Nullable String fingerprint(Entry entry) {
    int last = entry.history.size() - 1;
    return last < 0 ? null : entry.history.get(last).error().fingerprint();
  }

  QueueCounts counts(String queue) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    realm.jobs.values().stream()
        .filter(entry -> entry.job.queue().equals(queue))
        .forEach(entry -> counts.merge(entry.state, 1L, Long::sum));
    return new QueueCounts(realm.decisions.counted(queue, counts));
  }

  Optional<Instant> oldestReady(String queue) {
    return realm.jobs.values().stream()
        .filter(entry -> entry.job.queue().equals(queue) && entry.state == JobState.READY)
        .map(entry -> entry.dueAt)
        .min(Comparator.naturalOrder());
  }

  List<QueueState> queues() {
    Set<String> names = new TreeSet<>(Shelf.BYTEWISE);
    realm.jobs.values().forEach(entry -> names.add(entry.job.queue()));
    names.addAll(realm.paused);
    names.addAll(realm.policies.keySet());
    return names.stream().map(name -> new QueueState(name, realm.isPaused(name))).toList();
  }
}
