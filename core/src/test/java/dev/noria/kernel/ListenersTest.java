package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.plugin.JobEvent;
import dev.noria.wiring.PluginListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ListenersTest {

  @Test
  void eachEvent_wakesTheLoop_evenBehindOneThatWaits() {
    List<JobEvent> heard = new ArrayList<>();
    Listeners listeners = new Listeners(List.of(new PluginListener("test", heard::add)));
    AtomicInteger wakes = new AtomicInteger();
    listeners.onEvent(wakes::incrementAndGet);

    listeners.tell(event());
    listeners.tell(event());

    assertThat(wakes).hasValue(2);
    assertThat(listeners.deliver()).isPositive();
    assertThat(heard).hasSize(2);
  }

  private static JobEvent event() {
    return new JobEvent.LeaseLost(Instant.EPOCH, new JobId(0, 1), "work");
  }
}
