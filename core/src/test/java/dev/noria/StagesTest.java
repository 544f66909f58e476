package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.CallType;
import dev.noria.job.JobId;
import dev.noria.job.JobNotes;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.Outcome;
import dev.noria.job.StoredJob;
import dev.noria.middleware.Phase;
import dev.noria.middleware.Placement;
import dev.noria.plugin.Installer;
import dev.noria.plugin.PayloadStage;
import dev.noria.plugin.Plugin;
import dev.noria.storage.Lease;
import dev.noria.storage.Notes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stages write is what the storage has; whoever reads gets what was there before. */
class StagesTest {
  private static final CallType<String, String> CALL =
      CallType.of("call", String.class, String.class)
          .with(JobOption.retention(Duration.ofHours(1)));

  private final ByHand hand = new ByHand();
  private final Reversing stage = new Reversing();
  private final AtomicReference<Supplier<Notes>> notes = new AtomicReference<>();
  private final AtomicReference<JobNotes> readByThePlugin = new AtomicReference<>();
  private final JobQueue queue =
      hand.builder()
          .executor(Runnable::run)
          .build()
          .use(Plugin.of("secret", installer -> installer.payloadStage(stage)))
          .use(Plugin.of("steps", this::installSteps));

  @AfterEach
  void close() {
    hand.close(queue);
  }

  /** Turns every content around, behind a mark. */
  private static final class Reversing implements PayloadStage {
    final Set<Content> written = ConcurrentHashMap.newKeySet();

    @Override
    public Bytes write(Bytes content, Context context) {
      assertThat(context.queue()).isEqualTo("default");
      assertThat(context.type()).isEqualTo("call");
      written.add(context.content());
      return Bytes.utf8("R" + new StringBuilder(content.toUtf8()).reverse());
    }

    @Override
    public Bytes read(Bytes content, Context context) {
      String text = content.toUtf8();
      return text.startsWith("R")
          ? Bytes.utf8(new StringBuilder(text.substring(1)).reverse().toString())
          : content;
    }
  }

  /** A plugin that keeps steps, reports and logs beside the handler. */
  private void installSteps(Installer installer) {
    notes.set(installer.require(Notes.class));
    installer.aroundProcess(
        Placement.in(Phase.TRANSFORM),
        chain -> {
          Lease lease = chain.job().lease();
          Notes kept = notes.get().get();
          assertThat(kept.step(lease, "charge", Bytes.utf8("abc"))).isTrue();
          assertThat(kept.step(lease, "charge", Bytes.utf8("again"))).isTrue();
          assertThat(kept.log(lease, List.of(new JobNotes.LogLine(hand.time.now(), text("line")))))
              .isTrue();
          assertThat(kept.progress(lease, new JobNotes.Progress(10, text("begun")))).isTrue();
          readByThePlugin.set(kept.notes(chain.job().id()));
          Outcome outcome = chain.proceed();
          assertThat(kept.step(new Lease(lease.id(), 99, 1, Bytes.EMPTY), "x", Bytes.EMPTY))
              .as("a lease that is not current")
              .isFalse();
          return outcome;
        });
  }

  private static Bytes text(String text) {
    return Bytes.utf8(text);
  }

  @Test
  void everyContent_isStagedOnWriteAndUndoneOnRead() {
    queue
        .handle(
            CALL,
            (text, job) -> {
              job.log("from the handler");
              job.progress(50, "half");
              return text + "!";
            })
        .start();
    JobId id = queue.enqueue(CALL, "hello").id();
    hand.exchangeUntil("it completed", () -> hand.find(id).state() == JobState.COMPLETED);

    StoredJob stored = hand.find(id);
    assertThat(stored.job().payload()).isEqualTo(text("R\"olleh\""));
    assertThat(stored.result()).isEqualTo(text("R\"!olleh\""));
    assertThat(stored.notes().steps()).containsEntry("charge", text("Rcba"));
    assertThat(stored.notes().log())
        .extracting(JobNotes.LogLine::text)
        .containsExactly(text("Renil"), text("Rreldnah eht morf"));
    assertThat(stored.notes().progress().message()).isEqualTo(text("Rflah"));

    StoredJob read = queue.find(id, EnumSet.allOf(dev.noria.job.Part.class)).orElseThrow();
    assertThat(read.job().payload()).isEqualTo(text("\"hello\""));
    assertThat(read.result()).isEqualTo(text("\"hello!\""));
    assertThat(read.notes().steps()).containsEntry("charge", text("abc"));
    assertThat(read.notes().log())
        .extracting(JobNotes.LogLine::text)
        .containsExactly(text("line"), text("from the handler"));
    assertThat(read.notes().progress().message()).isEqualTo(text("half"));
    assertThat(queue.result(CALL, id)).contains("hello!");

    assertThat(readByThePlugin.get().steps()).containsEntry("charge", text("abc"));
    assertThat(readByThePlugin.get().progress().message()).isEqualTo(text("begun"));
    assertThat(stage.written)
        .containsExactlyInAnyOrder(
            PayloadStage.Content.PAYLOAD,
            PayloadStage.Content.RESULT,
            PayloadStage.Content.STEP,
            PayloadStage.Content.NOTE);
    assertThat(notes.get().get().notes(new JobId(1, 1))).isEqualTo(JobNotes.NONE);
  }

  @Test
  void anErrorsText_isStagedOnWriteAndUndoneOnRead() {
    queue
        .handle(
            CALL,
            (text, job) -> {
              throw new IllegalStateException("card 4711");
            })
        .start();
    JobId id = queue.enqueue(CALL, "hello").id();
    hand.exchangeUntil("it failed", () -> hand.find(id).state() == JobState.DEAD);

    assertThat(hand.find(id).history().get(0).error().message()).doesNotContain("4711", "card");
    assertThat(hand.find(id).history().get(0).error().stack()).doesNotContain("4711", "noria");
    assertThat(queue.find(id).orElseThrow().history().get(0).error().message())
        .contains("card 4711");
    assertThat(stage.written).contains(PayloadStage.Content.ERROR);
  }
}
