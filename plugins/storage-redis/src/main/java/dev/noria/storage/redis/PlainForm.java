package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The form of jobs and acks that scripts do not have to look into: of jobs that only go to the end
 * of their queues, and of those that are completed and leave nothing. Jobs are sent as they are
 * stored.
 */
final class PlainForm {
  /** Payloads above are kept apart; the script says so too. */
  private static final int LARGEST = 4_096;

  private static final int LONGEST = 60_000;
  private static final int LISTED = 8;
  private static final int SIMPLE_END = 1;
  private static final int SIMPLE_START = 2;

  private PlainForm() {}

  static boolean fit(List<NewJob> jobs, Instant now) {
    Set<JobId> ids = new HashSet<>(2 * jobs.size());
    for (NewJob job : jobs) {
      if (!isPlain(job, now) || !ids.add(job.id())) {
        return false;
      }
    }
    return !jobs.isEmpty();
  }

  private static boolean isPlain(NewJob job, Instant now) {
    Instant runAt = job.runAt();
    return job.group() == null
        && job.key() == null
        && job.deadline() == null
        && job.priority() == 0
        && !job.lifo()
        && (runAt == null || !runAt.isAfter(now))
        && job.dependencies().isEmpty()
        && job.payload().size() <= LARGEST
        && headerBytes(job) < LONGEST - LARGEST;
  }

  private static int headerBytes(NewJob job) {
    int size = 0;
    for (var header : job.headers().entrySet()) {
      size += 3 * (header.getKey().length() + header.getValue().length());
    }
    return size;
  }

  static void write(Pack out, List<NewJob> jobs, Instant now) {
    out.key("plain").list(2 * jobs.size());
    long millis = now.toEpochMilli();
    String queue = jobs.get(0).queue();
    byte[] name = queue.getBytes(StandardCharsets.UTF_8);
    Pack queues = new Pack();
    int runs = 0;
    int run = 0;
    for (NewJob job : jobs) {
      if (!job.queue().equals(queue)) {
        queues.raw(name).number(run);
        runs++;
        run = 0;
        queue = job.queue();
        name = queue.getBytes(StandardCharsets.UTF_8);
      }
      run++;
      body(out.id(job.id()), job, name, millis);
    }
    queues.raw(name).number(run);
    out.key("queues").list(2 * (runs + 1)).tail(queues.toBytes());
  }

  /** What is stored, behind the place. */
  private static void body(Pack out, NewJob job, byte[] queue, long now) {
    boolean leavesNothing = !job.awaited() && job.retention().of(JobState.COMPLETED).isZero();
    out.beginRaw();
    out.fixed(LISTED, 1).fixed(SIMPLE_START + (leavesNothing ? SIMPLE_END : 0), 1).fixed(0, 8);
    out.fixed(queue.length, 1).tail(queue);
    out.open();
    JobForm.described(out, job);
    out.key("e").number(now).key("d").number(now);
    out.close().endRaw();
  }

  static boolean areDone(List<Ack> acks) {
    Set<JobId> ids = new HashSet<>(2 * acks.size());
    for (Ack ack : acks) {
      if (!(ack instanceof Ack.Completed completed)
          || completed.retention() != null
          || completed.result() != null
          || !completed.followUps().isEmpty()
          || !ids.add(ack.lease().id())) {
        return false;
      }
    }
    return true;
  }

  static void writeDone(Pack out, List<Ack> acks) {
    out.key("done").list(2 * acks.size());
    for (Ack ack : acks) {
      out.id(ack.lease().id());
      out.beginRaw().fixed(ack.lease().epoch(), 4).fixed(ack.lease().nonce(), 8).endRaw();
    }
  }
}
