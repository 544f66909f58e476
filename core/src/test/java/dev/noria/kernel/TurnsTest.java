package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static List<Integer> next(Turns turns, int count) {
    List<Integer> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(turns.next());
    }
    return next;
  }

  @Test
  void turns_areSpreadByWeight() {
    assertThat(next(new Turns(3, 1), 8)).containsExactly(0, 0, 1, 0, 0, 0, 1, 0);
    assertThat(next(new Turns(1, 1, 1), 6)).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(next(new Turns(7), 3)).containsExactly(0, 0, 0);
  }

  @Test
  void aSmallWeight_hasItsTurnBesideHugeOnes() {
    Turns turns = new Turns(1_000, 1_000, 1_000, 1_000, 1_000, 1);
    List<Integer> round = next(turns, 5_000);
    assertThat(round).contains(5);
    assertThat(Collections.frequency(round, 0)).isBetween(950, 1_050);
  }

  @Test
  void spareTurns_areSharedEqually() {
    Turns turns = new Turns(100, 1, 1);
    assertThat(List.of(turns.spare(), turns.spare(), turns.spare(), turns.spare()))
        .containsExactly(0, 1, 2, 0);
  }
}
