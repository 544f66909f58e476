package dev.noria.cli.demo;

import dev.noria.JobQueue;
import dev.noria.job.JobFilter;
import dev.noria.job.Page;
import dev.noria.job.StoredJob;
import java.util.function.Consumer;

/** The stored jobs of a queue, page by page. */
final class Stored {
  private static final int PAGE = 1_000;

  private Stored() {}

  static void each(JobQueue queue, String name, Consumer<StoredJob> action) {
    String cursor = null;
    do {
      Page<StoredJob> page = queue.list(JobFilter.all().queue(name), cursor, PAGE);
      page.items().forEach(action);
      cursor = page.next();
    } while (cursor != null);
  }

  /** A page may be empty and not be the last: the storage looks through other queues' jobs too. */
  static boolean isAny(JobQueue queue, String name) {
    String cursor = null;
    do {
      Page<StoredJob> page = queue.list(JobFilter.all().queue(name), cursor, 1);
      if (!page.items().isEmpty()) {
        return true;
      }
      cursor = page.next();
    } while (cursor != null);
    return false;
  }
}
