package dev.noria.storage.redis;

import dev.noria.job.FailedAttempt;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobNotes;
import dev.noria.job.JobState;
import dev.noria.job.Page;
import dev.noria.job.Part;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import dev.noria.storage.Inspection;
import io.lettuce.core.KeyValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looking at what is stored. */
final class Listing implements Inspection {
  private static final int STEP = 500;

  private final Server server;
  private final Finder finder;

  Listing(Server server, Finder finder) {
    this.server = server;
    this.finder = finder;
  }

  static void checkLimit(int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException(
          "A page of " + limit + " was asked for. Expected 1 to 1000.");
    }
  }

  @Override
  public Page<StoredJob> list(JobFilter filter, @Nullable String cursor, int limit) {
    checkLimit(limit);
    Set<Part> parts = filter.fingerprint() == null ? Set.of() : Set.of(Part.HISTORY);
    List<StoredJob> items = new ArrayList<>();
    JobId last = cursor == null ? null : JobId.parse(cursor);
    Walk walk = finder.after(last, parts);
    int examined = 0;
    while (examined < EXAMINED) {
      int step = Math.min(STEP, EXAMINED - examined);
      for (Finder.Found found : walk.next(step)) {
        if (items.size() == limit) {
          return new Page<>(items, String.valueOf(last));
        }
        last = found.job().id();
        if (passes(filter, found.job())) {
          items.add(bare(found.job()));
        }
      }
      if (walk.isAtEnd()) {
        return new Page<>(items, null);
      }
      last = walk.last();
      examined += step;
    }
    return new Page<>(items, String.valueOf(last));
  }

  private static StoredJob bare(StoredJob job) {
    return new StoredJob(job.job(), job.status(), null, List.of(), JobNotes.NONE);
  }

  private static boolean passes(JobFilter filter, StoredJob job) {
    Instant at = job.status().enqueuedAt();
    JobKey key = job.job().key();
    return isOrAny(filter.queue(), job.queue())
        && isOrAny(filter.type(), job.type())
        && (filter.states().isEmpty() || filter.states().contains(job.state()))
        && isOrAny(filter.group(), job.job().group())
        && isOrAny(filter.key(), key == null ? null : key.name())
        && isOrAny(filter.fingerprint(), fingerprint(job.history()))
        && (filter.from() == null || !at.isBefore(filter.from()))
        && (filter.to() == null || at.isBefore(filter.to()));
  }

  private static boolean isOrAny(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }

  private static @Nullable String fingerprint(List<FailedAttempt> history) {
    return history.isEmpty() ? null : history.get(history.size() - 1).error().fingerprint();
  }

  @Override
  public QueueCounts counts(String queue) {
    JobState[] states = JobState.values();
    byte[][] fields = new byte[states.length][];
    Arrays.setAll(fields, i -> Server.bytes(Codes.of(states[i]) + queue));
    List<KeyValue<byte[], byte[]>> found =
        server.answer("counts", () -> server.link().commands().hmget(server.key("count"), fields));
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (int i = 0; i < states.length; i++) {
      KeyValue<byte[], byte[]> value = found.get(i);
      if (value.hasValue()) {
        String digits = new String(value.getValue(), StandardCharsets.US_ASCII);
        counts.put(states[i], Math.max(0, Long.parseLong(digits)));
      }
    }
    return new QueueCounts(counts);
  }

  @Override
  public Optional<Instant> oldestReady(String queue) {
    Unpack in =
        server.ask(
            "view", new Pack().open().key("what").text("oldest").key("queue").text(queue).close());
    in.list();
    return in.isNothing() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(in.number()));
  }

  @Override
  public List<QueueState> queues() {
    Unpack in = server.ask("view", new Pack().open().key("what").text("queues").close());
    in.list();
    Set<byte[]> names = new TreeSet<>(Arrays::compareUnsigned);
    for (int left = in.list(); left > 0; left--) {
      byte[] field = in.raw();
      // The first character of a counter is the state that it counts.
      names.add(Arrays.copyOfRange(field, 1, field.length));
    }
    for (int left = in.list(); left > 0; left--) {
      names.add(in.raw());
    }
    Set<String> paused = new HashSet<>();
    for (int left = in.list(); left > 0; left--) {
      byte[] name = in.raw();
      names.add(name);
      paused.add(new String(name, StandardCharsets.UTF_8));
    }
    return names.stream()
        .map(name -> new String(name, StandardCharsets.UTF_8))
        .map(name -> new QueueState(name, paused.contains(name)))
        .toList();
  }
}
