package dev.noria.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class MetersTest {
  private final Noted noted = new Noted();

  @Test
  void tagsOfTheQueue_standOnEveryNumber() {
    Meters meters = new Meters(noted, Map.of("app", "shop"));

    meters.counter(Instrument.RECLAIMED, Map.of()).accept(1);
    meters.distribution(Instrument.STORAGE_BATCH, Map.of("call", "find")).accept(3);
    meters.gauge(Instrument.RUNNING, List.of(new Meter.Reading(Map.of(), 2)));

    assertThat(noted.values)
        .containsEntry("RECLAIMED {app=shop}", List.of(1.0))
        .containsEntry("STORAGE_BATCH {app=shop, call=find}", List.of(3.0));
    assertThat(noted.gauges.get(Instrument.RUNNING))
        .containsExactly(new Meter.Reading(Map.of("app", "shop"), 2));
  }

  @Test
  void aMeterThatThrows_isHeardOfByNobody() {
    Meters made = new Meters(new Throwing(true), Map.of());
    Meters used = new Meters(new Throwing(false), Map.of());

    for (Meters meters : List.of(made, used)) {
      assertThatCode(
              () -> {
                Series series = new Series(meters, "q", "t");
                series.enqueued(EnqueueReceipt.Status.ENQUEUED).accept(1);
                series.run(Outcome.Kind.COMPLETED).accept(1);
                series.waited().accept(1);
                meters.gauge(Instrument.RUNNING, List.of());
                meters.close();
              })
          .doesNotThrowAnyException();
    }
  }

  @Test
  void queuesAndTypesBeyondTheBound_areCountedTogether() {
    AllSeries all = new AllSeries(new Meters(noted, Map.of()));
    Set<Series> made = new HashSet<>();
    for (int i = 0; i < 3 * AllSeries.MOST; i++) {
      Series series = all.of("queue " + i, "t");
      made.add(series);
      series.enqueued(EnqueueReceipt.Status.ENQUEUED).accept(1);
    }

    assertThat(made).hasSize(AllSeries.MOST + 1);
    assertThat(noted.values)
        .hasSize(AllSeries.MOST + 1)
        .hasEntrySatisfying(
            "ENQUEUED {queue=_other, receipt=enqueued, type=_other}",
            counted -> assertThat(counted).hasSize(2 * AllSeries.MOST));
    assertThat(all.of("queue 0", "t")).isSameAs(all.of("queue 0", "t"));
  }

  @Test
  void anIntervalThatIsTooShort_isRefused() {
    assertThatThrownBy(() -> Metering.install(null, noted, Map.of(), Duration.ofMillis(99)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0.099S");
  }

  private record Throwing(boolean atOnce) implements Meter {
    private static IllegalStateException broken() {
      return new IllegalStateException("The registry is broken.");
    }

    @Override
    public DoubleConsumer distribution(Instrument instrument, Map<String, String> tags) {
      if (atOnce) {
        throw broken();
      }
      return value -> {
        throw broken();
      };
    }

    @Override
    public LongConsumer counter(Instrument instrument, Map<String, String> tags) {
      if (atOnce) {
        throw broken();
      }
      return value -> {
        throw broken();
      };
    }

    @Override
    public void gauge(Instrument instrument, List<Reading> readings) {
      throw broken();
    }

    @Override
    public void close() {
      throw broken();
    }
  }
}
