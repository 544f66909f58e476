package dev.noria;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.Bytes;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobContext;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.RejectedException;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Jobs;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.TimeSource;
import dev.noria.storage.CallId;
import dev.noria.storage.Registers;
import dev.noria.storage.Registers.Advance;
import dev.noria.tck.model.ReferenceStorage;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every job passes the enqueue chain, however it is stored. */
class EveryEnqueueTest {
  record Text(String text) {}

  private static final JobType<Text> WORK = JobType.of("work", Text.class);
  private static final JobType<Text> NEXT = JobType.of("next", Text.class).queue("other");
  private static final JobType<Text> REFUSED = JobType.of("refused", Text.class);
  private static final JobType<Text> ANSWERED = JobType.of("answered", Text.class);
  private static final JobId EXISTING = new JobId(0, 42);

  private final List<JobEvent> events = new CopyOnWriteArrayList<>();
  private @Nullable Supplier<Jobs> jobs;
  private @Nullable Supplier<Registers> registers;
  private @Nullable TimeSource time;
  private final JobQueue queue =
      JobQueue.builder().discovery(Discovery.none()).storage(ReferenceStorage::create).build();

  EveryEnqueueTest() {
    queue.use("marking", new Marking());
    queue.use(
        Plugin.of(
            "probe",
            installer -> {
              installer.listen(events::add);
              jobs = installer.require(Jobs.class);
              registers = installer.require(Registers.class);
              time = installer.time();
            }));
  }

  @AfterEach
  void close() {
    queue.close();
  }

  /** Marks what passes, and settles two types. */
  private static final class Marking implements Middleware {
    @Override
    public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
      for (NewJob job : chain.jobs()) {
        if (job.type().equals(REFUSED.name())) {
          chain.reject(job, "not today");
        } else if (job.type().equals(ANSWERED.name())) {
          chain.answer(job, EnqueueReceipt.duplicate(EXISTING, JobState.READY));
        }
      }
      return chain.proceed(
          chain.jobs().stream()
              .map(job -> job.toBuilder().header("mark", "seen").build())
              .toList());
    }
  }

  private <T> T inHandler(HandlerBody<T> body) throws Exception {
    AtomicReference<T> answer = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    queue
        .handle(
            WORK,
            (text, job) -> {
              answer.set(body.run(job));
              done.countDown();
            })
        .start();
    JobId id = queue.enqueue(WORK, new Text("go")).id();
    assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    queue.stop();
    assertThat(queue.find(id)).as("the ack is stored").isEmpty();
    return answer.get();
  }

  private interface HandlerBody<T> {
    T run(JobContext job) throws Exception;
  }

  private Map<String, String> headers(JobId id) {
    return queue.find(id, EnumSet.noneOf(Part.class)).orElseThrow().job().headers();
  }

  @Test
  void aFollowUp_passesTheChain_andIsTold() throws Exception {
    JobId next = inHandler(job -> job.followUp(NEXT, new Text("more")));

    assertThat(headers(next)).containsEntry("mark", "seen");
    assertThat(events)
        .filteredOn(JobEvent.Enqueued.class::isInstance)
        .extracting(event -> ((JobEvent.Enqueued) event).type())
        .containsExactlyInAnyOrder("work", "next");
  }

  @Test
  void aFollowUpThatIsRefused_isAnErrorOfTheHandler() throws Exception {
    String said =
        inHandler(
            job -> {
              try {
                return job.followUp(REFUSED, new Text("more")).toString();
              } catch (RejectedException e) {
                return e.getMessage();
              }
            });

    assertThat(said).contains("not today");
    assertThat(queue.counts("default").total()).isZero();
  }

  @Test
  void aFollowUpThatIsAnswered_isTheExistingJob() throws Exception {
    JobId id = inHandler(job -> job.followUp(ANSWERED, new Text("more")));

    assertThat(id).isEqualTo(EXISTING);
  }

  @Test
  void jobsOfAnAdvance_passTheChain() throws Exception {
    JobId next =
        inHandler(
            job -> {
              NewJob prepared = requireNonNull(jobs).get().prepare(NEXT.job(new Text("tick")));
              List<EnqueueReceipt> receipts =
                  requireNonNull(jobs).get().enqueuePrepared(List.of(prepared), this::advance);
              assertThat(receipts).containsExactly(EnqueueReceipt.enqueued(prepared.id()));
              return prepared.id();
            });

    assertThat(headers(next)).containsEntry("mark", "seen");
  }

  private List<EnqueueReceipt> advance(List<NewJob> accepted) {
    Instant now = requireNonNull(time).now();
    Optional<Advance> moved =
        requireNonNull(registers)
            .get()
            .advance(new CallId(1, 1), "schedule", 0, Bytes.utf8("1"), accepted, now);
    return moved.orElseThrow().receipts();
  }
}
