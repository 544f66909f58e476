package dev.noria.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final long SECOND = 1_000_000_000L;

  private static Sample rate(double rate) {
    return Sample.of(rate, new Usage(1, 1), 1);
  }

  @Test
  void slowStorage_keepsItsSizeUntilTwoSecondsHavePassed() {
    WarmUp warmUp = new WarmUp(1_000, true);
    warmUp.ran(rate(1_000), 3 * SECOND);
    assertThat(warmUp.isDone()).as("after one second on the clock").isFalse();
    warmUp.ran(rate(1_000), 3 * SECOND);
    assertThat(warmUp.isDone()).isTrue();
    assertThat(warmUp.jobs()).isEqualTo(1_000);
  }

  @Test
  void fastStorage_getsMoreJobsUntilARunLasts() {
    WarmUp warmUp = new WarmUp(20_000, true);
    int runs = 0;
    for (; !warmUp.isDone(); runs++) {
      warmUp.ran(rate(500_000), SECOND);
    }
    assertThat(warmUp.jobs()).isEqualTo(320_000);
    assertThat(runs).isLessThanOrEqualTo(10);
  }

  @Test
  void fastestStorage_getsNoMoreThanAMillion() {
    WarmUp warmUp = new WarmUp(400_000, true);
    for (int i = 0; i < 4; i++) {
      warmUp.ran(rate(50_000_000), SECOND);
    }
    assertThat(warmUp.jobs()).isEqualTo(1_000_000);
  }

  @Test
  void givenSize_isKeptAndEndsAfterFourRuns() {
    WarmUp warmUp = new WarmUp(20, false);
    for (int i = 0; i < 4; i++) {
      assertThat(warmUp.isDone()).isFalse();
      warmUp.ran(rate(500_000), 1);
    }
    assertThat(warmUp.isDone()).isTrue();
    assertThat(warmUp.jobs()).isEqualTo(20);
  }

  @Test
  void runsWithAJvmOfTheirOwn_warmUpOnce() {
    WarmUp warmUp = WarmUp.once(20);
    assertThat(warmUp.isDone()).isFalse();
    warmUp.ran(rate(1).withoutRate(), 1);
    assertThat(warmUp.isDone()).isTrue();
    assertThat(warmUp.jobs()).isEqualTo(20);
  }

  @Test
  void runWithoutRate_countsByItsWholeTime() {
    WarmUp warmUp = new WarmUp(1_000, false);
    warmUp.ran(rate(1).withoutRate(), 5 * SECOND);
    assertThat(warmUp.isDone()).isTrue();
  }
}
