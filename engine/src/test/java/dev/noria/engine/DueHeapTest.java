package dev.noria.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.util.Comparator;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DueHeapTest {

  @Test
  void anyMixOfAddsAndRemoves_comesOutInDueOrder() {
    Random random = new Random(3);
    DueHeap heap = new DueHeap();
    TreeSet<Entry> expected =
        new TreeSet<>(Comparator.comparing((Entry e) -> e.dueAt).thenComparing(e -> e.sequence));
    Line line = new Line(new NamedQueue("q"), "");
    for (int i = 0; i < 20_000; i++) {
      if (random.nextInt(5) < 3 || expected.isEmpty()) {
        Entry entry = Fixture.entry(new JobId(0, i), line);
        entry.state = JobState.SCHEDULED;
        entry.dueAt = Fixture.MILLIS + random.nextInt(500);
        entry.sequence = i;
        heap.add(entry);
        expected.add(entry);
      } else {
        Entry pivot = expected.first();
        Entry victim = random.nextBoolean() ? pivot : expected.last();
        heap.remove(victim);
        expected.remove(victim);
        assertThat(heap.contains(victim)).isFalse();
      }
      assertThat(heap.first()).isSameAs(expected.isEmpty() ? null : expected.first());
    }
    for (Entry next : expected) {
      assertThat(heap.first()).isSameAs(next);
      heap.remove(next);
    }
    assertThat(heap.isEmpty()).isTrue();
  }
}
