package dev.noria.chain;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.Lease;
import dev.noria.storage.LeasedJob;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Jobs, links and a log to look into. */
final class Sample {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private Sample() {}

  static JobId id(int number) {
    return new JobId(0, number);
  }

  static NewJob job(int number) {
    return NewJob.builder(id(number), "t", "q", Bytes.utf8("p" + number)).build();
  }

  static List<NewJob> jobs(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      jobs.add(job(i));
    }
    return List.copyOf(jobs);
  }

  static List<EnqueueReceipt> stored(List<NewJob> jobs) {
    return jobs.stream().map(job -> EnqueueReceipt.enqueued(job.id())).toList();
  }

  static Lease lease(int number) {
    return new Lease(id(number), 1, 7, Bytes.EMPTY);
  }

  static LeasedJob leased(int number) {
    return new LeasedJob(
        lease(number),
        "t",
        "q",
        Bytes.utf8("p"),
        Map.of(),
        1,
        0,
        0,
        0,
        0,
        null,
        null,
        NOW,
        NOW,
        null,
        null,
        Retention.NO_RESULT,
        false);
  }

  static DequeueRequest request(int total) {
    return new DequeueRequest(
        "w", 7, NOW, List.of(new DequeueRequest.Demand("q", total)), total, 1_000, false, 0);
  }

  static Link link(String plugin, Middleware middleware) {
    return new Link(plugin, Placement.in(Phase.INVOKE), middleware);
  }

  /** Chains of middleware called a, b, c… from the outside in. */
  static Chains chains(Middleware... middleware) {
    List<Link> links = new ArrayList<>();
    for (Middleware one : Arrays.asList(middleware)) {
      links.add(link(String.valueOf((char) ('a' + links.size())), one));
    }
    return Chains.compile(links);
  }

  /** What is logged while {@code action} runs. */
  static String logged(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
