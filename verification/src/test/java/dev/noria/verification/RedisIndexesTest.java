package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixture itself: it finds what was bent. */
class RedisIndexesTest {
  @TempDir private Path folder;

  @Test
  void soundNamespace_hasNoFaultsAndEachBentStructureIsOne() {
    String address = RedisServer.shared(folder);
    String prefix = "noria:{" + RedisServer.namespace(folder) + "}:";
    int port = Integer.parseInt(address.replaceAll(".*:(\\d+)\\?.*", "$1"));
    try (JobQueue queue = JobQueue.builder().discovery(Discovery.none()).storage(address).build()) {
      JobId first = queue.enqueue(Work.TYPE, new Work(1)).id();
      queue.enqueue(Work.TYPE, new Work(2), JobOption.in(Duration.ofHours(1)));
      queue.enqueue(Work.TYPE, new Work(3), JobOption.dependsOn(first), JobOption.key("k"));
      queue.enqueue(Work.TYPE, new Work(4), JobOption.group("g"));
      queue.cancel(queue.enqueue(Work.TYPE, new Work(5)).id());
    }
    assertThat(RedisIndexes.faults(address)).isEmpty();

    for (String set : List.of("scheduled:default", "blocked", "ended:6default")) {
      long removed = RedisServer.ask(port, redis -> redis.zremrangebyrank(prefix + set, 0, 0));
      assertThat(removed).as(set).isOne();
    }
    long lost = RedisServer.ask(port, redis -> redis.del(prefix + "fifo:default\0"));
    assertThat(lost).isOne();
    RedisServer.ask(port, redis -> redis.hincrby(prefix + "count", "2default", 1));
    RedisServer.ask(port, redis -> redis.zadd(prefix + "leases", 1, "nobody"));
    assertThat(RedisIndexes.faults(address))
        .anyMatch(fault -> fault.startsWith("a structure is missing: scheduled:default"))
        .anyMatch(fault -> fault.startsWith("a structure is missing: blocked"))
        .anyMatch(fault -> fault.startsWith("a structure is missing: fifo:default"))
        .anyMatch(fault -> fault.startsWith("an entry too many in leases: nobody"))
        .anyMatch(fault -> fault.startsWith("count says"));

    RedisServer.ask(port, redis -> redis.del(prefix + "buckets"));
    assertThat(RedisIndexes.faults(address))
        .anyMatch(fault -> fault.startsWith("a hash of jobs that nobody names: j:"));
  }
}
