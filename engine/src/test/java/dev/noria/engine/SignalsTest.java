package dev.noria.engine;

import static dev.noria.engine.Fixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.Inspection;
import dev.noria.storage.Signals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignalsTest {
  private final Fixture fixture = new Fixture();

  /** Hears about work only. */
  private record OnWork(Consumer<String> action) implements Signals.Listener {
    @Override
    public void workReady(String queue, @Nullable Instant due) {
      action.accept(queue);
    }

    @Override
    public void jobFinished(JobId id, JobState state) {}

    @Override
    public void cancelRequested(JobId id) {}
  }

  private void listen(Consumer<String> action) {
    fixture.storage.capability(Signals.class).orElseThrow().listen(new OnWork(action));
  }

  private void sleep() {
    fixture.storage.dequeue(fixture.call(), Fixture.request(1, true), NOW);
  }

  @Test
  void aListener_isCalledWithoutTheLock() {
    Inspection inspection = fixture.storage.capability(Inspection.class).orElseThrow();
    List<Long> seen = new ArrayList<>();
    // Another thread gets through while the listener runs, which it could not under the lock.
    listen(
        queue ->
            seen.add(
                CompletableFuture.supplyAsync(() -> inspection.counts(queue).total())
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join()));
    sleep();
    fixture.fill(3, job -> job);
    assertThat(seen).containsExactly(3L);
  }

  @Test
  void aSleeper_isToldOnce() {
    List<String> heard = new ArrayList<>();
    listen(heard::add);
    sleep();
    fixture.fill(1, job -> job);
    fixture.fill(1, job -> job);
    assertThat(heard).containsExactly("q");
  }

  @Test
  void aListenerThatThrows_doesNotFailTheCall() {
    Thread thread = Thread.currentThread();
    List<Throwable> reported = new ArrayList<>();
    thread.setUncaughtExceptionHandler((any, error) -> reported.add(error));
    try {
      listen(
          queue -> {
            throw new IllegalStateException("broken listener");
          });
      sleep();
      fixture.fill(1, job -> job);
    } finally {
      thread.setUncaughtExceptionHandler(null);
    }
    assertThat(reported).hasSize(1);
    assertThat(fixture.dequeue(1)).hasSize(1);
  }
}
