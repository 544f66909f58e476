package dev.noria.cli.bench;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What can be had without a job queue: the storage's driver alone, with the bytes of the payload
 * ready made. Each method answers jobs per second.
 */
interface RawDriver {
  /** Bytes of one job. */
  int PAYLOAD = 200;

  /** One job in each commit, from one thread. */
  double singles(int jobs) throws InterruptedException;

  /** A thousand jobs in each commit. */
  double chunks(int jobs) throws InterruptedException;

  /** Takes a hundred jobs and commits, ends them and commits, until there are none. */
  double drain(int jobs) throws InterruptedException;

  /**
   * Enqueues a job after a pause as long as that of workload L, and takes it, each with a commit.
   *
   * @return the median of both together in milliseconds; null where there is nothing to wait for
   */
  @Nullable Double wakeMillis(int jobs) throws InterruptedException;

  /** The driver of the storage that lives in {@code place}; null when there is no bare one. */
  static @Nullable RawDriver in(Place place) {
    String scheme = place.uri().scheme();
    Path folder = place.folder();
    if (scheme.equals("memory")) {
      return new RawMap();
    }
    if (scheme.equals("sqlite") && folder != null) {
      String level = place.uri().options().getOrDefault("synchronous", "FULL");
      return RawJdbc.sqlite(folder.resolve("raw.db"), level.toUpperCase(Locale.ROOT));
    }
    if (scheme.startsWith("postgres")) {
      return RawJdbc.postgres(place.address());
    }
    if (scheme.equals("redis")) {
      return new RawRedis(place.address());
    }
    if (scheme.equals("file") && folder != null) {
      boolean sync = !place.uri().options().getOrDefault("fsync", "always").equals("never");
      return new RawFile(folder.resolve("raw"), sync);
    }
    return null;
  }

  /** The shape of {@code workload}; null where there is none to compare with. */
  default @Nullable Double measure(Workload workload, int jobs) throws InterruptedException {
    return switch (workload) {
      case E1 -> singles(jobs);
      // As many as E1 has: each of them is a commit of its own, not one for all threads.
      case E2 -> singles(Math.max(1, jobs / 10));
      case E3 -> chunks(jobs);
      case P10, P100 -> drain(jobs);
      case L, D -> null;
    };
  }
}
