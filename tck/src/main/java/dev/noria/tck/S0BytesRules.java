package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.ErrorInfo;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.Limits;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.LeasedJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Opaque bytes come back as they were, up to exactly the limits (S0.6). */
abstract class S0BytesRules extends Rules {

  /** Payloads that media like to change. */
  enum Sample {
    EMPTY,
    NUL,
    ALL_BYTE_VALUES,
    NOT_UTF_8,
    JSON_WITH_SPACES,
    LINE_ENDS,
    QUOTES_AND_BACKSLASHES,
    RANDOM_4099;

    Bytes bytes() {
      return switch (this) {
        case EMPTY -> Bytes.EMPTY;
        case NUL -> Bytes.copyOf(new byte[] {0});
        case ALL_BYTE_VALUES -> Bytes.owned(allValues());
        case NOT_UTF_8 -> Bytes.copyOf(new byte[] {(byte) 0xC3, 0x28, (byte) 0xFF, (byte) 0xFE});
        case JSON_WITH_SPACES ->
            Bytes.utf8("{ \"b\" : 1.0 , \"a\":1e400, \"a\" : 12345678901234567890 }");
        case LINE_ENDS -> Bytes.utf8("\r\n\n\r\t \u001a\\N\\.\n");
        case QUOTES_AND_BACKSLASHES -> Bytes.utf8("'\"`\\x00\\\\'';--${a}{}%s?:1 $1");
        case RANDOM_4099 -> Bytes.owned(random(4_099, 7));
      };
    }

    private static byte[] allValues() {
      byte[] all = new byte[512];
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) (i < 256 ? i : 511 - i);
      }
      return all;
    }
  }

  private static byte[] random(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Limits limits() {
    return rig().storage().info().limits();
  }

  @ParameterizedTest
  @EnumSource
  void s0_6_payloadsComeBackBitIdentical(Sample sample) {
    NewJob job = rig().enqueued(rig().job(builder -> builder.payload(sample.bytes())));
    assertThat(rig().stored(job.id()).job().payload()).isEqualTo(sample.bytes());
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.payload()).isEqualTo(sample.bytes());
    rig().release(leased);
    assertThat(rig().dequeueOne().payload()).isEqualTo(sample.bytes());
  }

  @ParameterizedTest
  @EnumSource
  void s0_6_resultsComeBackBitIdentical(Sample sample) {
    NewJob job = rig().enqueued(rig().job(b -> b.retention(Retention.WITH_RESULT)));
    LeasedJob leased = rig().dequeueOne();
    rig().ack(new Ack.Completed(leased.lease(), sample.bytes(), null, List.of()));
    assertThat(rig().stored(job.id()).result()).isEqualTo(sample.bytes());
  }

  @Test
  void s0_6_aJobWithoutResultHasNone() {
    NewJob job = rig().enqueued(rig().job(b -> b.retention(Retention.WITH_RESULT)));
    rig().complete(rig().dequeueOne());
    assertThat(rig().stored(job.id()).result()).isNull();
    assertThat(rig().state(job.id())).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void s0_6_theLargestPayloadAndResultFit() {
    Bytes largest = Bytes.owned(random(limits().payloadBytes(), 1));
    NewJob job =
        rig().enqueued(rig().job(b -> b.payload(largest).retention(Retention.WITH_RESULT)));
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased.payload()).isEqualTo(largest);
    rig().ack(new Ack.Completed(leased.lease(), largest, null, List.of()));
    assertThat(rig().stored(job.id()).result()).isEqualTo(largest);
    assertThat(rig().stored(job.id()).job().payload()).isEqualTo(largest);
  }

  @Test
  void s0_6_aBatchOfTheMostBytesFits() {
    int count = limits().batchBytes() / limits().payloadBytes();
    Bytes largest = Bytes.owned(random(limits().payloadBytes(), 2));
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(builder -> builder.payload(largest)));
    }
    assertThat(rig().enqueue(jobs)).hasSize(count).allMatch(EnqueueReceipt::isEnqueued);
    List<LeasedJob> leased = rig().dequeue(count);
    assertThat(leasedIds(leased)).containsExactlyElementsOf(idsOf(jobs));
    assertThat(leased).allMatch(job -> job.payload().equals(largest));
  }

  @Test
  void s0_6_aBatchOfTheMostJobsFits() {
    List<NewJob> jobs = rig().jobs(limits().batchJobs());
    assertThat(rig().enqueue(jobs)).hasSize(jobs.size()).allMatch(EnqueueReceipt::isEnqueued);
    List<LeasedJob> leased = rig().dequeue(jobs.size());
    assertThat(leasedIds(leased)).containsExactlyElementsOf(idsOf(jobs));
    List<Ack> acks = new ArrayList<>();
    leased.forEach(job -> acks.add(new Ack.Completed(job.lease())));
    assertThat(rig().main().ack(acks)).hasSize(jobs.size()).allMatch(r -> r.isApplied());
    assertThat(rig().storage().find(idsOf(jobs.subList(0, 10)), Set.of())).isEmpty();
  }

  @Test
  void s0_6_theMostAndLargestHeadersFit() {
    NewJob.Builder builder = rig().job().toBuilder();
    for (int i = 0; i < limits().headers(); i++) {
      String name = "h".repeat(10) + (100 + i);
      builder.header(name, "ü".repeat((limits().headerBytes() - name.length()) / 2));
    }
    NewJob job = rig().enqueued(builder.build());
    assertThat(rig().dequeueOne().headers()).isEqualTo(job.headers()).hasSize(limits().headers());
    assertThat(rig().stored(job.id()).job().headers()).isEqualTo(job.headers());
  }

  @Test
  void s0_6_oddHeadersComeBack() {
    NewJob.Builder builder = rig().job().toBuilder();
    builder
        .header("empty", "")
        .header("a.b:c/d e", "'\"\\{}\n\t")
        .header("emoji 🦊", "🧅 é e\u0301");
    builder.header("A", "upper").header("a", "lower");
    NewJob job = rig().enqueued(builder.build());
    assertThat(rig().dequeueOne().headers()).isEqualTo(job.headers());
  }

  @Test
  void s0_6_theLargestErrorTextFits() {
    String stack = "at line\n\t'\"\\".repeat(2_000);
    ErrorInfo error = new ErrorInfo("T".repeat(200), "F".repeat(200), "é".repeat(1_024), stack);
    NewJob job = rig().enqueued(rig().job());
    rig().ack(new Ack.Dead(rig().dequeueOne().lease(), error));
    assertThat(rig().stored(job.id()).history())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.error()).isEqualTo(error));
  }

  @Test
  void s0_6_theMostDependenciesFit() {
    List<NewJob> many = new ArrayList<>();
    for (int i = 0; i < limits().dependencies(); i++) {
      many.add(rig().job("other"));
    }
    int half = many.size() / 2;
    rig().enqueue(many.subList(0, half));
    rig().enqueue(many.subList(half, many.size()));
    NewJob last = rig().enqueued(rig().job(b -> b.dependencies(Dependencies.on(idsOf(many)))));
    assertThat(rig().stored(last.id()).job().dependencies().on())
        .containsExactlyInAnyOrderElementsOf(idsOf(many));
  }

  @Test
  void s0_6_everyFieldOfAJobComesBack() {
    var now = rig().now();
    NewJob job =
        rig()
            .job(
                b ->
                    b.type("t")
                        .payload(Bytes.utf8("p"))
                        .header("h", "v")
                        .runAt(now.plusMillis(1))
                        .priority(-100)
                        .lifo(true)
                        .group("g")
                        .limitKey("l")
                        .key(new JobKey("k", KeyPolicy.whileWaiting()))
                        .maxAttempts(7)
                        .timeout(Duration.ofMillis(1_234))
                        .deadline(now.plusSeconds(99))
                        .retention(new Retention(HOUR, SECOND))
                        .awaited(true));
    rig().enqueued(job);
    assertThat(rig().stored(job.id()).job()).isEqualTo(job);
    rig().time.advance(SECOND);
    LeasedJob leased = rig().dequeueOne();
    assertThat(leased)
        .isEqualTo(
            new LeasedJob(
                leased.lease(),
                "t",
                Rig.QUEUE,
                job.payload(),
                job.headers(),
                1,
                7,
                0,
                0,
                -100,
                "g",
                "l",
                now,
                now.plusMillis(1),
                job.timeout(),
                job.deadline(),
                job.retention(),
                true));
  }

  @Test
  void s0_6_jobsOfEveryKindOfIdAreTaken() {
    List<NewJob> jobs = new ArrayList<>();
    for (long high : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      for (long low : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
        var id = new JobId(high, low);
        jobs.add(NewJob.builder(id, "type", Rig.QUEUE, Bytes.EMPTY).build());
      }
    }
    assertThat(rig().enqueue(jobs)).allMatch(EnqueueReceipt::isEnqueued);
    assertThat(leasedIds(rig().dequeue(100))).containsExactlyElementsOf(idsOf(jobs));
  }
}
