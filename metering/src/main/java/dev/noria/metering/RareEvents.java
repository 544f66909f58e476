package dev.noria.metering;

import dev.noria.plugin.JobEvent;
import dev.noria.plugin.JobListener;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/** Counts what no chain sees: it happens inside the storage. */
final class RareEvents implements JobListener {
  private final AllSeries series;
  private final LongConsumer reclaimed;

  RareEvents(Meters meters) {
    this.series = new AllSeries(meters);
    this.reclaimed = meters.counter(Instrument.RECLAIMED, Map.of());
  }

  @Override
  public Set<Class<? extends JobEvent>> kinds() {
    return Set.of(JobEvent.EndedByStorage.class, JobEvent.Reclaimed.class);
  }

  @Override
  public void on(JobEvent event) {
    if (event instanceof JobEvent.Reclaimed) {
      reclaimed.accept(1);
    } else if (event instanceof JobEvent.EndedByStorage ended) {
      series.of(ended.queue(), ended.type()).endedByStorage(ended.reason());
    }
  }
}
