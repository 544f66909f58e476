package dev.noria.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class MeasuringTest {
  private static final Usage USAGE = new Usage(1, 1);

  private static Sample rate(double rate) {
    return Sample.of(rate, USAGE, 1);
  }

  private static Sample time(long millis) {
    Latencies times = new Latencies(1);
    times.add(millis * 1_000_000);
    return rate(1).withTimes(times).withoutRate();
  }

  @Test
  void median_isThatOfThreeRunsAfterTheWarmUp() throws InterruptedException {
    Queue<Sample> runs = new ArrayDeque<>(List.of(rate(99), rate(5), rate(1), rate(9), rate(98)));

    Measuring.Measured measured =
        new Measuring("memory:", false).median(WarmUp.once(20), (place, jobs) -> runs.remove());

    assertThat(measured.median().rate()).isEqualTo(5);
    assertThat(measured.jobs()).isEqualTo(20);
    assertThat(runs).as("what was not run").hasSize(1);
  }

  @Test
  void median_withoutRate_isByTheMiddleTime() {
    assertThat(Sample.median(List.of(time(9), time(1), time(5))).p50Millis()).isEqualTo(5);
  }

  @Test
  void everyRun_hasAPlaceOfItsOwn() throws InterruptedException {
    List<Place> places = new ArrayList<>();

    Measuring.Measured measured =
        new Measuring("memory:", false)
            .median(
                WarmUp.once(20),
                (place, jobs) -> {
                  places.add(place);
                  return rate(1);
                });

    assertThat(measured.jobs()).isEqualTo(20);
    assertThat(places).hasSize(4).doesNotHaveDuplicates();
  }
}
