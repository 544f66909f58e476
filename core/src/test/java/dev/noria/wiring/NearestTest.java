package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void fewestEdits_win() {
    assertThat(Nearest.to("postgres", List.of("redis", "postgresql", "progress")))
        .contains("postgresql");
    assertThat(Nearest.to("mem", List.of("memory", "men"))).contains("men");
  }

  @Test
  void nothingAlike_isNothing() {
    assertThat(Nearest.to("kafka", List.of("memory", "sqlite"))).isEmpty();
    assertThat(Nearest.to("memory", List.of("memory"))).isEmpty();
  }
}
