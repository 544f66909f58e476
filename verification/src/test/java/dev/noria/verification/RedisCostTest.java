package dev.noria.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.Discovery;
import dev.noria.JobQueue;
import dev.noria.job.CallType;
import dev.noria.job.JobOption;
import dev.noria.job.JobRequest;
import dev.noria.job.JobType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Noria costs a Redis server; prints what it measures. */
@Tag("chaos")
class RedisCostTest {
  private static final JobType<Work> LATER = JobType.of("later", Work.class).queue("later");
  private static final CallType<Work, Integer> ASK =
      CallType.of("ask", Work.class, Integer.class).queue("ask");
  private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");
  private static final int DUE = 100_000;

  @TempDir private Path folder;

  private static JobQueue queue(String address) {
    return JobQueue.builder().discovery(Discovery.none()).storage(address).build();
  }

  @Test
  void tenIdleWorkers_sendFewCommandsOnFewConnections() throws Exception {
    List<JobQueue> queues = new ArrayList<>();
    try (RedisServer server = RedisServer.start(folder)) {
      String address = server.address("idle");
      for (int i = 0; i < 10; i++) {
        queues.add(queue(address).handle(Work.TYPE, (work, job) -> {}).start());
      }
      Wait.until(
          Duration.ofSeconds(20), "all are there", () -> queues.get(0).workers().size() == 10);
      Wait.last(Duration.ofSeconds(10));
      long before = scripts(server);
      long total = total(server);
      Wait.last(Duration.ofSeconds(60));
      double scripts = (scripts(server) - before) / 60.0;
      double inside = (total(server) - total) / 60.0;
      System.out.printf(
          "ten idle workers: %.2f scripts/s, %.1f commands/s with those inside scripts,"
              + " %d connections%n",
          scripts, inside, connections(server));
      assertThat(connections(server)).isEqualTo(20);
      assertThat(scripts).isLessThan(5);
    } finally {
      queues.forEach(JobQueue::close);
    }
  }

  /** What clients send: scripts; all else happens inside them, or when a connection begins. */
  private static long scripts(RedisServer server) {
    Matcher calls = CALLS.matcher(server.ask(redis -> redis.info("commandstats")));
    long sum = 0;
    while (calls.find()) {
      boolean sent = List.of("evalsha", "eval", "ping").contains(calls.group(1));
      sum += sent ? Long.parseLong(calls.group(2)) : 0;
    }
    return sum;
  }

  private static long total(RedisServer server) {
    String stats = server.ask(redis -> redis.info("stats"));
    return Long.parseLong(stats.replaceAll("(?s).*total_commands_processed:(\\d+).*", "$1"));
  }

  private static long connections(RedisServer server) {
    String clients = server.ask(redis -> redis.clientList());
    return clients.lines().filter(line -> line.contains(" name=noria ")).count();
  }

  @Test
  void oneBusyProcess_hasAtMostThreeConnections() throws Exception {
    AtomicInteger done = new AtomicInteger();
    try (RedisServer server = RedisServer.start(folder);
        JobQueue queue =
            JobQueue.builder()
                .discovery(Discovery.none())
                .concurrency(100)
                .storage(server.address("busy"))
                .build()) {
      queue
          .handle(Work.TYPE, (work, job) -> done.incrementAndGet())
          .handle(ASK, (work, job) -> work.number())
          .start();
      try (Crowd producers =
              Crowd.of(64, 20_000, number -> queue.enqueue(Work.TYPE, new Work(number)));
          Crowd callers = Crowd.of(8, 400, number -> call(queue, number))) {
        Wait.until(Duration.ofSeconds(60), "it is busy", () -> done.get() > 2_000);
        long connections = connections(server);
        callers.join();
        producers.join();
        System.out.println("one busy process: " + connections + " connections");
        assertThat(connections).isLessThanOrEqualTo(3);
      }
    }
  }

  private static int call(JobQueue queue, int number) {
    try {
      return queue.enqueueAndWait(ASK, new Work(number), Duration.ofSeconds(30));
    } catch (Exception e) {
      throw new AssertionError("The call failed.", e);
    }
  }

  @Test
  void aCall_isAnsweredSoon() throws Exception {
    try (RedisServer server = RedisServer.start(folder);
        JobQueue queue = queue(server.address("calls"))) {
      queue.handle(ASK, (work, job) -> work.number()).start();
      IntStream.range(0, 2_000).forEach(number -> call(queue, number));
      long[] nanos = new long[3_000];
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        assertThat(call(queue, i)).isEqualTo(i);
        nanos[i] = System.nanoTime() - start;
      }
      print("enqueue and wait for the result", nanos);
    }
  }

  /** The latency of enqueues, before and while very many scheduled jobs become due at once. */
  @Test
  void manyJobsThatBecomeDueAtOnce_leaveEnqueuesAlone() throws Exception {
    AtomicLong done = new AtomicLong();
    try (RedisServer server = RedisServer.start(folder);
        JobQueue producer = queue(server.address("due"));
        JobQueue worker = queue(server.address("due"))) {
      Instant due = Instant.now().plusSeconds(90);
      List<JobRequest<Work>> chunk =
          IntStream.range(0, 1_000)
              .mapToObj(i -> LATER.job(new Work(i), JobOption.at(due)))
              .toList();
      for (int i = 0; i < DUE / chunk.size(); i++) {
        assertThat(producer.enqueueAll(chunk)).hasSize(chunk.size());
      }
      worker.handle(LATER, (work, job) -> done.incrementAndGet()).start();
      long[] warm = enqueues(producer, 1_000);
      assertThat(warm).isNotEmpty();
      print("enqueue, before", enqueues(producer, 3_000));
      assertThat(done).hasValue(0);
      Wait.until(Duration.ofSeconds(90), "they become due", () -> done.get() > 0);
      List<Long> during = new ArrayList<>();
      while (done.get() < DUE) {
        for (long nanos : enqueues(producer, 20)) {
          during.add(nanos);
        }
      }
      print(
          "enqueue, while " + DUE + " jobs become due",
          during.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private static long[] enqueues(JobQueue queue, int count) {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      assertThat(queue.enqueue(Work.TYPE, new Work(i)).isEnqueued()).isTrue();
      nanos[i] = System.nanoTime() - start;
      LockSupport.parkNanos(500_000);
    }
    return nanos;
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%s: n=%d p50=%.3f ms p99=%.3f ms max=%.3f ms%n",
        what,
        nanos.length,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length - 1] / 1e6);
  }
}
