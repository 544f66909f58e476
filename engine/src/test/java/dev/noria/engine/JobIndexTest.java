package dev.noria.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JobIndexTest {
  private final JobIndex index = new JobIndex();
  private final Line line = new Line(new NamedQueue("q"), "");

  private Entry entry(JobId id) {
    return Fixture.entry(id, line);
  }

  @Test
  void randomChanges_leaveWhatASortedMapHolds() {
    Random random = new Random(42);
    TreeMap<JobId, Entry> expected = new TreeMap<>();
    for (int i = 0; i < 60_000; i++) {
      // Half of the ids grow as real ones do, the others fall anywhere, also below zero.
      long high = random.nextBoolean() ? i / 100 : random.nextLong();
      JobId id = new JobId(high, random.nextInt(4) == 0 ? -i : i);
      if (random.nextInt(3) == 0 && !expected.isEmpty()) {
        JobId near = expected.floorKey(id);
        JobId victim = near == null ? expected.firstKey() : near;
        expected.remove(victim);
        index.remove(victim);
      } else if (index.get(id) == null) {
        Entry entry = entry(id);
        expected.put(id, entry);
        index.add(entry);
      }
    }
    assertThat(index.size()).isEqualTo(expected.size());
    assertThat(pages(257)).containsExactlyElementsOf(expected.values());
    expected.forEach((id, entry) -> assertThat(index.get(id)).isSameAs(entry));
  }

  private List<Entry> pages(int limit) {
    List<Entry> all = new ArrayList<>();
    List<Entry> page = index.after(null, limit);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = index.after(page.get(page.size() - 1).id(), limit);
    }
    return all;
  }

  @Test
  void anIdThatWasRemoved_canComeBack() {
    JobId id = new JobId(5, 5);
    for (long low = 1; low < 600; low++) {
      index.add(entry(new JobId(5, low)));
    }
    index.remove(id);
    assertThat(index.get(id)).isNull();
    Entry again = entry(id);
    index.add(again);
    assertThat(index.get(id)).isSameAs(again);
  }

  @Test
  void removingAll_inAnyOrder_leavesNothing() {
    List<JobId> ids = new ArrayList<>();
    for (long low = 1; low <= 5_000; low++) {
      ids.add(new JobId(7, low));
      index.add(entry(new JobId(7, low)));
    }
    Collections.shuffle(ids, new Random(1));
    ids.forEach(index::remove);
    assertThat(index.size()).isZero();
    assertThat(index.after(null, 10)).isEmpty();
    index.add(entry(ids.get(0)));
    assertThat(index.get(ids.get(0))).isNotNull();
  }
}
