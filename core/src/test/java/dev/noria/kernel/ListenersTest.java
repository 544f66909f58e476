package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.LoopDriver.Loop;
import dev.noria.job.JobId;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.JobListener;
import dev.noria.wiring.PluginListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ListenersTest {

  @Test
  void eachEvent_wakesTheLoop_evenBehindOneThatWaits() {
    List<JobEvent> heard = new ArrayList<>();
    Listeners listeners = listeners(heard::add);
    AtomicInteger wakes = new AtomicInteger();
    listeners.start((name, duty) -> loop(wakes::incrementAndGet));

    listeners.tell(event());
    listeners.tell(event());

    assertThat(wakes).hasValue(2);
    assertThat(listeners.deliver()).isPositive();
    assertThat(heard).hasSize(2);
  }

  @Test
  void stop_handsOutWhatWasToldBefore() {
    List<JobEvent> heard = new CopyOnWriteArrayList<>();
    Listeners listeners = listeners(heard::add);
    listeners.start(new ThreadDriver());
    for (int i = 0; i < 1_000; i++) {
      listeners.tell(event());
    }
    listeners.stop();
    assertThat(heard).hasSize(1_000);
  }

  @Test
  void stop_givesUpOnAListenerThatHangs() {
    Listeners listeners = listeners(event -> {});
    AtomicBoolean stopped = new AtomicBoolean();
    // Nobody ever turns this loop, as if it hung in a listener.
    listeners.start((name, duty) -> loop(() -> {}, () -> stopped.set(true)));
    listeners.tell(event());

    // Interrupted, it does not even wait for the time that a listener may take.
    Thread.currentThread().interrupt();
    listeners.stop();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped).isTrue();
  }

  private static Listeners listeners(JobListener listener) {
    return new Listeners(List.of(new PluginListener("test", listener)));
  }

  private static Loop loop(Runnable wake) {
    return loop(wake, () -> {});
  }

  private static Loop loop(Runnable wake, Runnable stop) {
    return new Loop() {
      @Override
      public void wake() {
        wake.run();
      }

      @Override
      public void stop() {
        stop.run();
      }
    };
  }

  private static JobEvent event() {
    return new JobEvent.LeaseLost(Instant.EPOCH, new JobId(0, 1), "work");
  }
}
