package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.plugin.StorageObserver;
import dev.noria.wiring.PluginObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StorageObserversTest {
  private final List<String> seen = new ArrayList<>();

  private StorageObserver noting(String name) {
    return operation -> {
      seen.add(name + " " + operation);
      return (items, tookNanos, error) ->
          seen.add(name + " " + items + " " + tookNanos + " " + error);
    };
  }

  private static StorageObservers observers(StorageObserver... observers) {
    return new StorageObservers(
        Stream.of(observers).map(each -> new PluginObserver("test", each)).toList());
  }

  private static StorageObserver throwingAtTheBegin() {
    return operation -> {
      throw new IllegalStateException("begin");
    };
  }

  private static StorageObserver throwingAtTheEnd() {
    return operation ->
        (items, tookNanos, error) -> {
          throw new IllegalStateException("end");
        };
  }

  @Test
  void observers_seeBeginAndEnd_theLastOneInnermost() {
    observers(noting("a"), noting("b")).begins("exchange").ended(3, 7, "UNAVAILABLE");

    assertThat(seen)
        .containsExactly("a exchange", "b exchange", "b 3 7 UNAVAILABLE", "a 3 7 UNAVAILABLE");
  }

  @Test
  void observersThatThrow_areSkippedAndTheOthersSeeIt() {
    observers(throwingAtTheBegin(), noting("a"), throwingAtTheEnd())
        .begins("find")
        .ended(1, 1, null);
    observers(throwingAtTheBegin()).begins("find").ended(1, 1, null);
    observers(throwingAtTheEnd()).begins("find").ended(1, 1, null);

    assertThat(seen).containsExactly("a find", "a 1 1 null");
  }

  @Test
  void noObservers_costNothing() {
    StorageObservers none = observers();

    assertThat(none.isEmpty()).isTrue();
    assertThat(none.begins("find")).isSameAs(none.begins("enqueue"));
  }
}
