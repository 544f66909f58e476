package dev.noria.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.CallId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a waiting job costs on the heap when its contents are elsewhere. */
class CompactnessTest {
  private static final int JOBS = 1_000_000;
  private static final int CHUNK = 1_000;
  private static final int MOST_BYTES = 150;

  private static long used() {
    // A collection may leave what only the next one can free.
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void fill(Replica replica) {
    Bytes payload = Bytes.owned(new byte[200]);
    for (int from = 0; from < JOBS; from += CHUNK) {
      List<NewJob> jobs = new ArrayList<>();
      for (int i = from; i < from + CHUNK; i++) {
        jobs.add(NewJob.builder(new JobId(i / 50, i ^ 3), "type", "q", payload).build());
      }
      CallId call = new CallId(1, from + 1);
      byte[] commit = EnqueueCommand.of(call, jobs, Fixture.MILLIS + from).encode();
      replica.apply(from / CHUNK, commit, 0, commit.length);
    }
  }

  @Test
  @Tag("slow")
  void aMillionWaitingJobs_fitIntoLittle_alsoAfterARestart() throws IOException {
    long before = used();
    Replica replica = new Replica();
    fill(replica);
    assertThat((used() - before) / JOBS).isLessThanOrEqualTo(MOST_BYTES);
    byte[] snapshot = SharedLog.snapshot(replica);
    assertThat(snapshot.length / JOBS).isLessThanOrEqualTo(60);
    replica.restore(new ByteArrayInputStream(snapshot));
    assertThat(replica.jobs()).isEqualTo(JOBS);
    assertThat((used() - snapshot.length - before) / JOBS).isLessThanOrEqualTo(MOST_BYTES);
    assertThat(SharedLog.snapshot(replica)).isEqualTo(snapshot);
  }
}
