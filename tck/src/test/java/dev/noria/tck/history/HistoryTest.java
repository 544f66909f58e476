package dev.noria.tck.history;

import static dev.noria.tck.history.Story.id;
import static dev.noria.tck.history.Story.lease;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.Dependencies;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.CallId;
import dev.noria.storage.Durability;
import dev.noria.storage.ExtendReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryTest {
  private static final CallId CALL = new CallId(-5, 7);
  private static final Instant NOW = Story.START.plusMillis(123);

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();

  private static NewJob fullJob() {
    return NewJob.builder(id(1), "a\ttype", "a,queue\\c", Bytes.utf8("x"))
        .group("\\0")
        .limitKey("a\nb\r")
        .key(new JobKey("ключ", KeyPolicy.forWindow(Duration.ofSeconds(3))))
        .runAt(NOW)
        .deadline(NOW.plusSeconds(1))
        .priority(-7)
        .lifo(true)
        .dependencies(Dependencies.on(List.of(id(2), id(3))))
        .retention(new Retention(Duration.ofSeconds(1), Duration.ofSeconds(2)))
        .build();
  }

  private static List<Entry> oneOfEach() {
    NewJob plain = NewJob.builder(id(1), "type", "q", Bytes.EMPTY).build();
    return List.of(
        Entry.EnqueueSent.of(CALL, fullJob(), NOW),
        Entry.EnqueueSent.of(CALL, plain, NOW),
        new Entry.EnqueueAnswered(CALL, id(1), EnqueueReceipt.Status.DUPLICATE, id(2)),
        new Entry.CallAnswered(CALL),
        new Entry.CallFailed(CALL, true),
        new Entry.ExchangeSent(CALL, -1, List.of("a,b", "\\c", "\\"), NOW),
        new Entry.ExchangeSent(CALL, -1, List.of(), NOW),
        new Entry.Dequeued(CALL, lease(1, 2), 1, 2, 3, "q", null, -4, NOW, NOW, 99, NOW),
        new Entry.AckSent(CALL, lease(1, 2), Ack.Kind.RETRY, NOW, null, NOW),
        new Entry.AckSent(CALL, lease(1, 2), Ack.Kind.COMPLETED, null, Duration.ZERO, NOW),
        new Entry.AckAnswered(CALL, lease(1, 2), AckReceipt.Status.STALE),
        new Entry.ExtendSent(lease(1, 2), true, false, NOW, NOW),
        new Entry.ExtendAnswered(lease(1, 2), ExtendReceipt.Status.LOST, NOW),
        new Entry.HandlerStarted(lease(1, 2)),
        new Entry.HandlerEnded(lease(1, 2)),
        new Entry.MaintainSent(CALL, NOW),
        new Entry.Reclaimed(CALL, id(1), NOW),
        new Entry.Ended(CALL, id(1), JobState.DEAD, "", NOW),
        new Entry.Unblocked(CALL, id(1), NOW),
        new Entry.Purged(CALL, id(1), NOW),
        new Entry.ChangeSent(id(1), Entry.Change.REPLAY, null, NOW),
        new Entry.ChangeAnswered(id(1), Entry.Change.REPLAY, ChangeStatus.KEY_TAKEN),
        new Entry.SweepSent(null, NOW),
        new Entry.Paused("q"),
        new Entry.Resuming("q"),
        new Entry.TickSent("s", NOW, id(1)),
        new Entry.TickEnqueued("s", NOW, id(1)),
        new Entry.Moved(id(1), null, JobState.READY, NOW),
        new Entry.ProcessStarted("p"),
        new Entry.ProcessKilled("p"),
        new Entry.FaultBegan("f", Durability.HOST),
        new Entry.FaultEnded("f"));
  }

  @Test
  void oneOfEach_leavesOutNoKind() {
    assertThat(oneOfEach().stream().map(Entry::getClass).distinct().toList())
        .hasSameElementsAs(
            Arrays.<Class<?>>asList(Entry.class.getPermittedSubclasses()).stream()
                .map(type -> type.asSubclass(Entry.class))
                .toList());
  }

  @Test
  void file_everyKindOfEntry_readsBackEqual() {
    Path file = folder.resolve("history");
    try (History history = History.appendTo(file, "p\t1", nanos::get)) {
      oneOfEach().forEach(history::add);
    }
    List<History.Line> lines = History.read(file).lines();
    assertThat(lines.stream().map(History.Line::entry)).containsExactlyElementsOf(oneOfEach());
    assertThat(lines).allMatch(line -> line.process().equals("p\t1"));
  }

  @Test
  void file_everythingSaidIsThereWithoutClosing() {
    Path file = folder.resolve("history");
    History open = History.appendTo(file, "p", nanos::get);
    open.addAll(oneOfEach());
    assertThat(History.read(file).lines()).hasSameSizeAs(oneOfEach());
    assertThat(open.lines()).hasSameSizeAs(oneOfEach());
    open.close();
  }

  @Test
  void file_halfALineAtTheEnd_isIgnoredAndCutBeforeMore() throws IOException {
    Path file = folder.resolve("history");
    try (History first = History.appendTo(file, "p", nanos::get)) {
      first.add(new Entry.ProcessStarted("p"));
    }
    Files.writeString(file, "12\tp\tProcessSta", StandardOpenOption.APPEND);
    assertThat(History.read(file).lines()).hasSize(1);
    try (History second = History.appendTo(file, "p2", nanos::get)) {
      second.add(new Entry.ProcessStarted("p2"));
    }
    assertThat(History.read(file).lines())
        .extracting(History.Line::entry)
        .containsExactly(new Entry.ProcessStarted("p"), new Entry.ProcessStarted("p2"));
  }

  @Test
  void file_wholeLineThatMakesNoSense_isNotIgnored() throws IOException {
    Path file = folder.resolve("history");
    Files.writeString(file, "12\tp\tNonsense\tx\n");
    assertThatThrownBy(() -> History.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Nonsense");
  }

  @Test
  void read_severalFiles_mergesByTime() {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    try (History first = History.appendTo(one, "a", nanos::incrementAndGet);
        History second = History.appendTo(two, "b", nanos::incrementAndGet)) {
      first.add(new Entry.ProcessStarted("1"));
      second.add(new Entry.ProcessStarted("2"));
      first.add(new Entry.ProcessStarted("3"));
    }
    assertThat(History.read(two, one).lines())
        .extracting(History.Line::entry)
        .containsExactly(
            new Entry.ProcessStarted("1"),
            new Entry.ProcessStarted("2"),
            new Entry.ProcessStarted("3"));
  }

  @Test
  void memory_manyThreads_keepsEveryEntryInTheOrderOfTheClock() throws InterruptedException {
    History history = History.inMemory("p", nanos::incrementAndGet);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () ->
                  IntStream.range(0, 500)
                      .forEach(n -> history.add(new Entry.CallAnswered(new CallId(1, n)))));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(history.lines()).hasSize(2_000);
    assertThat(history.lines()).extracting(History.Line::nanos).isSorted();
  }

  @Test
  void file_threadThatIsInterrupted_goesOnSaying() {
    Path file = folder.resolve("history");
    try (History history = History.appendTo(file, "p", nanos::get)) {
      Thread.currentThread().interrupt();
      history.add(new Entry.ProcessStarted("1"));
      assertThat(Thread.interrupted()).isTrue();
      history.add(new Entry.ProcessStarted("2"));
    }
    assertThat(History.read(file).lines()).hasSize(2);
  }
}
