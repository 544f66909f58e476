package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.job.Part;
import dev.noria.storage.redis.Finder.Found;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All stored jobs in the order of their ids. The server knows the order of the hashes that keep
 * jobs; the ids of one hash are put in order here. Not thread-safe.
 */
final class Walk {
  /** How many bytes of an id name its hash. */
  private static final int NAME = 5;

  private final Finder finder;
  private final Server server;
  private final Set<Part> parts;
  private @Nullable JobId last;
  private byte @Nullable [] hash;
  private List<JobId> ids = List.of();
  private boolean end;

  Walk(Finder finder, Server server, @Nullable JobId after, Set<Part> parts) {
    this.finder = finder;
    this.server = server;
    this.parts = parts;
    this.last = after;
    if (after != null) {
      hash = Arrays.copyOf(after.toBytes(), NAME);
      open(hash);
    }
  }

  /** Whether there are no more. */
  boolean isAtEnd() {
    return end;
  }

  /** The last id that was looked at; null when there was none. */
  @Nullable JobId last() {
    return last;
  }

  /** The next jobs, at most so many; fewer only at the end, or where some have vanished. */
  List<Found> next(int limit) {
    List<JobId> some = new ArrayList<>();
    while (some.size() < limit && !end) {
      if (ids.isEmpty()) {
        openNext();
      } else {
        List<JobId> head = ids.subList(0, Math.min(limit - some.size(), ids.size()));
        some.addAll(head);
        ids = ids.subList(head.size(), ids.size());
      }
    }
    List<Found> found = new ArrayList<>();
    for (int from = 0; from < some.size(); from += Finder.STEP) {
      List<JobId> step = some.subList(from, Math.min(some.size(), from + Finder.STEP));
      found.addAll(finder.found(step, parts));
    }
    if (!some.isEmpty()) {
      last = some.get(some.size() - 1);
    }
    return found;
  }

  private void openNext() {
    byte[] before = hash;
    Boundary<byte[]> from = before == null ? Boundary.unbounded() : Boundary.excluding(before);
    List<byte[]> names =
        server.answer(
            "list",
            () ->
                server
                    .link()
                    .commands()
                    .zrangebylex(
                        server.key("buckets"),
                        Range.from(from, Boundary.unbounded()),
                        Limit.create(0, 1)));
    if (names.isEmpty()) {
      end = true;
    } else {
      hash = names.get(0);
      open(names.get(0));
    }
  }

  private void open(byte[] name) {
    byte[] prefix = server.key("j:");
    byte[] key = Arrays.copyOf(prefix, prefix.length + name.length);
    System.arraycopy(name, 0, key, prefix.length, name.length);
    JobId after = last;
    ids =
        server.answer("list", () -> server.link().commands().hkeys(key)).stream()
            .map(JobId::fromBytes)
            .filter(id -> after == null || id.compareTo(after) > 0)
            .sorted()
            .toList();
  }
}
