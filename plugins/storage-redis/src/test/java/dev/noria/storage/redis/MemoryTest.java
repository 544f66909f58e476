package dev.noria.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import dev.noria.storage.JobStorage;
import dev.noria.tck.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a backlog takes of the server's memory. */
class MemoryTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int CALLS = 20;
  private static final int JOBS = 1_000;
  private static final int PAYLOAD = 200;
  private static final int MOST = 450;

  private final TestServer server = TestServer.seven();
  private final Place place = new Place("memory-test", "noria");
  private final Random random = new Random(1);

  @AfterEach
  void cleanUp() {
    server.drop(place);
  }

  private long memory() {
    return server
        .commands()
        .info("memory")
        .lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
        .sum();
  }

  /** Ids as the kernel makes them, twenty in each millisecond. */
  private List<NewJob> jobs(int call) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      long millis = NOW.toEpochMilli() + (call * JOBS + i) / 20;
      JobId id = new JobId(millis << 16 | 0x7000, random.nextLong());
      Bytes payload = Bytes.owned(new byte[PAYLOAD]);
      jobs.add(NewJob.builder(id, "mailing.send", "mailing", payload).build());
    }
    return jobs;
  }

  @Test
  void waitingJob_takesAtMost450Bytes() {
    try (JobStorage storage = RedisStorage.open(server.options(place))) {
      long before = memory();
      for (int call = 1; call <= CALLS; call++) {
        assertThat(storage.enqueue(new CallId(1, call), jobs(call), NOW))
            .allMatch(EnqueueReceipt::isEnqueued);
      }
      long each = (memory() - before) / (CALLS * JOBS);
      System.out.println("Bytes of server memory per waiting job: " + each);
      assertThat(each).isBetween((long) PAYLOAD, (long) MOST);
    }
  }
}
