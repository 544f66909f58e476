package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers who enqueue at the same time share commits. */
class GroupCommitTest {
  private static final int CALLERS = 32;
  private static final int ENQUEUES = 320;
  private static final int WAL_HEADER = 32;
  private static final int FRAME_HEADER = 24;

  @TempDir private Path folder;

  /**
   * What SQLite's write-ahead log says.
   *
   * @param salt changes when the log begins again
   * @param commits frames that end a transaction
   */
  private record Log(long salt, int commits) {}

  private Log log() throws IOException {
    ByteBuffer wal = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("jobs.db-wal")));
    int page = wal.getInt(8);
    long salt = wal.getLong(16);
    int commits = 0;
    for (int at = WAL_HEADER; at + FRAME_HEADER + page <= wal.limit(); at += FRAME_HEADER + page) {
      boolean valid = wal.getLong(at + 8) == salt;
      boolean last = wal.getInt(at + 4) != 0; // the size of the database after a commit, else 0
      commits += valid && last ? 1 : 0;
    }
    return new Log(salt, commits);
  }

  @Test
  void enqueuesAtTheSameTime_shareCommits() throws Exception {
    try (JobQueue queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(Medium.SQLITE.address(folder))
            .build()) {
      assertThat(queue.enqueue(Work.TYPE, new Work(0)).isEnqueued()).isTrue();
      Log before = log();
      try (Crowd callers =
          Crowd.of(
              CALLERS,
              ENQUEUES,
              number ->
                  assertThat(queue.enqueue(Work.TYPE, new Work(number)).isEnqueued()).isTrue())) {
        callers.join();
      }
      Log after = log();

      Wait.until(
          Duration.ofSeconds(10),
          "all are counted",
          () -> queue.counts("default").total() == ENQUEUES + 1);
      assertThat(after.salt()).as("one log for all").isEqualTo(before.salt());
      int commits = after.commits() - before.commits();
      System.out.printf("group commit on sqlite: %d enqueues, %d commits%n", ENQUEUES, commits);
      assertThat(commits).isPositive().isLessThan(ENQUEUES / 2);
    }
  }
}
