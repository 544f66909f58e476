package dev.noria.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BandTest {
  private final Line line = new Line(new NamedQueue("q"), "");

  private Entry entry(long sequence) {
    Entry entry = Fixture.entry(new JobId(0, sequence), line);
    entry.sequence = sequence;
    return entry;
  }

  private static List<Long> drain(Band band) {
    List<Long> order = new ArrayList<>();
    Entry first;
    while ((first = band.first()) != null) {
      order.add(first.sequence);
      band.remove(first);
    }
    return order;
  }

  private static List<Long> shuffled(Random random) {
    List<Long> places = new ArrayList<>();
    for (long i = 0; i < 500; i++) {
      places.add(i);
    }
    Collections.shuffle(places, random);
    return places;
  }

  @Test
  void fifo_addedInAnyOrder_leavesOldestFirst() {
    Band band = new Band(false);
    shuffled(new Random(1)).forEach(place -> band.add(entry(place)));
    assertThat(drain(band)).isSorted().hasSize(500);
    assertThat(band.isEmpty()).isTrue();
  }

  @Test
  void lifo_addedInAnyOrder_leavesNewestFirst() {
    Band band = new Band(true);
    shuffled(new Random(2)).forEach(place -> band.add(entry(place)));
    List<Long> order = drain(band);
    Collections.reverse(order);
    assertThat(order).isSorted().hasSize(500);
  }
}
