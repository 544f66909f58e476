package dev.noria.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much a dequeue hands out (S2.4). */
abstract class S2AmountsRules extends Rules {

  private List<NewJob> fill(String queue, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(rig().job(queue));
    }
    rig().enqueue(jobs);
    return jobs;
  }

  private DequeueRequest bytes(long maxBytes, Demand... demands) {
    DequeueRequest plain = rig().main().request(List.of(demands), 100);
    return new DequeueRequest(
        plain.owner(),
        plain.nonce(),
        plain.expiresAt(),
        plain.demands(),
        plain.total(),
        maxBytes,
        false,
        0);
  }

  private List<LeasedJob> take(int total, Demand... demands) {
    return rig().exchange(List.of(), rig().main().request(List.of(demands), total)).jobs();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 5", "10, 10", "11, 10", "1000, 10"})
  void s2_4_atMostTheRequestedNumber(int asked, int expected) {
    List<NewJob> jobs = fill(Rig.QUEUE, 10);
    assertThat(leasedIds(rig().dequeue(asked)))
        .containsExactlyElementsOf(idsOf(jobs).subList(0, expected));
  }

  @Test
  void s2_4_severalDemandsAreServedUpToTheTotal() {
    fill("a", 10);
    fill("b", 10);
    fill("c", 10);
    List<LeasedJob> jobs = take(12, new Demand("a", 3), new Demand("b", 5), new Demand("c", 100));
    assertThat(jobs).extracting(LeasedJob::queue).filteredOn("a"::equals).hasSize(3);
    assertThat(jobs).extracting(LeasedJob::queue).filteredOn("b"::equals).hasSize(5);
    assertThat(jobs).extracting(LeasedJob::queue).filteredOn("c"::equals).hasSize(4);
  }

  @Test
  void s2_4_theStrongestWishComesFirst() {
    fill("a", 10);
    fill("b", 10);
    assertThat(take(5, new Demand("b", 5), new Demand("a", 5)))
        .extracting(LeasedJob::queue)
        .containsOnly("b");
    assertThat(take(8, new Demand("b", 20), new Demand("a", 20)))
        .extracting(LeasedJob::queue)
        .containsExactly("b", "b", "b", "b", "b", "a", "a", "a");
  }

  @Test
  void s2_4_aTotalOfZeroAsksForNothing() {
    fill(Rig.QUEUE, 3);
    assertThat(take(0, new Demand(Rig.QUEUE, 5))).isEmpty();
    assertThat(take(5)).isEmpty();
    assertThat(rig().dequeue(10)).hasSize(3);
  }

  @Test
  void s2_4_whatNobodyAskedForStaysForOthers() {
    List<NewJob> jobs = fill(Rig.QUEUE, 100);
    Rig.Client other = rig().client();
    List<JobId> seen = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      seen.addAll(leasedIds(rig().dequeue(1)));
      seen.addAll(leasedIds(other.dequeue(Rig.QUEUE, 1)));
    }
    assertThat(seen).containsExactlyElementsOf(idsOf(jobs));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "99, 1", "100, 1", "199, 1", "200, 2", "250, 2", "299, 2", "300, 3"})
  void s2_4_payloadBytesAreBounded(long maxBytes, int expected) {
    Bytes hundred = Bytes.owned(new byte[100]);
    for (int i = 0; i < 5; i++) {
      rig().enqueued(rig().job(job -> job.payload(hundred)));
    }
    assertThat(rig().exchange(List.of(), bytes(maxBytes, new Demand(Rig.QUEUE, 10))).jobs())
        .hasSize(expected);
    assertThat(rig().dequeue(10)).hasSize(5 - expected);
  }

  @Test
  void s2_4_payloadBytesAreBoundedOverAllQueues() {
    for (String queue : List.of("a", "b")) {
      Bytes hundred = Bytes.owned(new byte[100]);
      rig().enqueued(rig().job(job -> job.queue(queue).payload(hundred)));
    }
    DequeueRequest both = bytes(150, new Demand("a", 5), new Demand("b", 5));
    assertThat(rig().exchange(List.of(), both).jobs()).hasSize(1);
    assertThat(rig().exchange(List.of(), both).jobs()).hasSize(1);
  }
}
