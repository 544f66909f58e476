package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.CallHandler;
import dev.noria.job.CallType;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobCancelledException;
import dev.noria.job.JobContext;
import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobOption;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.KeyPolicy;
import dev.noria.job.NewJob;
import dev.noria.job.RejectedException;
import dev.noria.job.Retention;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.Administration.ChangeReceipt;
import dev.noria.storage.Administration.ChangeStatus;
import dev.noria.storage.CallId;
import dev.noria.storage.JdbcTransactions;
import dev.noria.storage.JobStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator does with jobs, by the facade: each receipt, and what is stored then. */
class OperatingTest {
  private static final JobType<String> SAY = JobType.of("say", String.class);
  private static final CallType<String, String> ASK =
      CallType.of("ask", String.class, String.class);

  private final ByHand hand = new ByHand();
  private JobQueue queue = hand.builder().build();

  @AfterEach
  void close() {
    hand.close(queue);
  }

  private JobId waiting(JobOption... options) {
    return queue.enqueue(SAY, "x", options).id();
  }

  private static ChangeReceipt receipt(JobId id, ChangeStatus status) {
    return new ChangeReceipt(id, status);
  }

  @Test
  void delete_removesWaitingJobs() {
    JobId id = waiting();
    JobId gone = new JobId(7, 7);

    assertThat(queue.delete(id, gone))
        .containsExactly(receipt(id, ChangeStatus.APPLIED), receipt(gone, ChangeStatus.UNKNOWN));

    assertThat(queue.find(id)).isEmpty();
  }

  @Test
  void reschedule_givesAnotherDueInstantThatIsNeverEarly() {
    JobId id = waiting();
    Instant later = hand.time.now().plusSeconds(60).plusNanos(1);

    assertThat(queue.reschedule(id, later)).isEqualTo(receipt(id, ChangeStatus.APPLIED));

    assertThat(hand.find(id).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(hand.find(id).status().dueAt())
        .isEqualTo(hand.time.now().plusSeconds(60).plusMillis(1));
  }

  @Test
  void reprioritise_givesAnotherPriority() {
    JobId id = waiting();

    assertThat(queue.reprioritise(id, 9)).isEqualTo(receipt(id, ChangeStatus.APPLIED));

    assertThat(hand.find(id).job().priority()).isEqualTo(9);
    assertThatThrownBy(() -> queue.reprioritise(id, 101))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void cancelReplayAndPurge_goThroughTheStates() {
    JobId id = waiting();

    assertThat(queue.cancel(id)).containsExactly(receipt(id, ChangeStatus.APPLIED));
    assertThat(queue.cancel(id)).containsExactly(receipt(id, ChangeStatus.ALREADY_FINISHED));
    assertThat(queue.replay(id)).containsExactly(receipt(id, ChangeStatus.APPLIED));
    assertThat(queue.replay(id)).containsExactly(receipt(id, ChangeStatus.NOT_FINISHED));
    assertThat(hand.find(id).status().generation()).isEqualTo(1);
    assertThat(queue.cancel(id)).containsExactly(receipt(id, ChangeStatus.APPLIED));
    hand.time.advance(Duration.ofHours(1));
    assertThat(queue.purge(Set.of(JobState.DEAD), Duration.ZERO)).isZero();
    assertThat(queue.purge(Set.of(JobState.CANCELLED), Duration.ofHours(2))).isZero();
    assertThat(queue.purge(Set.of(JobState.CANCELLED), Duration.ofMinutes(59))).isEqualTo(1);
    assertThat(queue.find(id)).isEmpty();
  }

  private void fill(int count) {
    assertThat(
            queue.enqueueMany(
                IntStream.range(0, count)
                    .mapToObj(
                        i ->
                            i % 2 == 0
                                ? SAY.job("now")
                                : SAY.job("later", JobOption.in(Duration.ofHours(1))))))
        .isEqualTo(count);
  }

  @Test
  void discardWaiting_goesOnUntilNothingWaits() {
    fill(2_500);
    JobId blocked = waiting(JobOption.dependsOn(waiting(JobOption.queue("other"))));

    assertThat(queue.discardWaiting("default")).isEqualTo(2_500);

    assertThat(queue.discardWaiting("default")).isZero();
    assertThat(hand.find(blocked).state()).isEqualTo(JobState.BLOCKED);
    assertThat(queue.counts("other").total()).isEqualTo(1);
  }

  @Test
  void clear_takesFinishedJobsToo() {
    fill(2_001);
    JobId finished = waiting();
    assertThat(queue.cancel(finished)).hasSize(1);
    JobId other = waiting(JobOption.queue("other"));

    assertThat(queue.clear("default")).isEqualTo(2_002);

    assertThat(queue.list(JobFilter.all().queue("default"), 10).items()).isEmpty();
    assertThat(queue.find(other)).isPresent();
  }

  @Test
  void enqueueAll_answersEachJobAndStopsForNone() {
    List<EnqueueReceipt> receipts =
        queue.enqueueAll(
            List.of(
                SAY.job("a", JobOption.key("k")),
                SAY.job("x".repeat(1_048_576)),
                SAY.job("b", JobOption.key("k"))));

    assertThat(receipts)
        .extracting(EnqueueReceipt::status)
        .containsExactly(
            EnqueueReceipt.Status.ENQUEUED,
            EnqueueReceipt.Status.REJECTED,
            EnqueueReceipt.Status.DUPLICATE);
    assertThat(
            queue.enqueueMany(
                java.util.stream.Stream.of(SAY.job("c"), SAY.job("d", JobOption.key("k")))))
        .as("new ones")
        .isEqualTo(1);
  }

  @Test
  void whatTheCallerChangesAfterwards_changesNothing() {
    JobType<int[]> numbers = JobType.of("numbers", int[].class);
    int[] mine = {1, 2};
    JobId id = queue.enqueue(numbers, mine).id();

    mine[0] = 9;

    assertThat(hand.find(id).job().payload().toUtf8()).isEqualTo("[1,2]");
  }

  @Test
  void awaited_keepsTheFinishedJobForAnHour() {
    assertThat(hand.find(waiting()).job().retention()).isEqualTo(Retention.NO_RESULT);
    JobId awaited = waiting(JobOption.awaited());
    assertThat(hand.find(awaited).job().awaited()).isTrue();
    assertThat(hand.find(awaited).job().retention()).isEqualTo(Retention.WITH_RESULT);
    JobId own = waiting(JobOption.awaited(), JobOption.retention(Duration.ofDays(1)));
    assertThat(hand.find(own).job().retention().completed()).isEqualTo(Duration.ofDays(1));
    JobId call = queue.enqueue(ASK, "x").id();
    assertThat(hand.find(call).job().retention()).isEqualTo(Retention.WITH_RESULT);
  }

  @Test
  void aKeyThatReplaces_isAnsweredWithTheHolder() {
    JobId first = waiting(JobOption.key("k"));
    KeyPolicy replacing = KeyPolicy.whileUnfinished().replacing();

    EnqueueReceipt second = queue.enqueue(SAY, "y", JobOption.key("k", replacing));

    assertThat(second.status()).isEqualTo(EnqueueReceipt.Status.REPLACED);
    assertThat(second.id()).isEqualTo(first);
    assertThat(hand.find(first).job().payload().toUtf8()).isEqualTo("\"y\"");
  }

  /** Made by the kernel. */
  static final class Shouting implements CallHandler<String, String> {
    private final StringBuilder seen;

    Shouting(StringBuilder seen) {
      this.seen = seen;
    }

    @Override
    public String handle(String payload, JobContext job) {
      seen.append(payload);
      return payload.toUpperCase(java.util.Locale.ROOT);
    }
  }

  @Test
  void aClass_handlesACallType() {
    StringBuilder seen = new StringBuilder();
    queue.provide(StringBuilder.class, seen).handle(ASK, Shouting.class).start();
    JobId id = queue.enqueue(ASK, "hello").id();
    hand.exchangeUntil("it completed", () -> hand.find(id).state() == JobState.COMPLETED);

    assertThat(queue.result(ASK, id)).contains("HELLO");
    assertThat(seen).hasToString("hello");
  }

  @Test
  void whoWaitsForACancelledJob_isTold() {
    JobId id = queue.newId();
    CompletableFuture<String> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return queue.enqueueAndWait(ASK, "x", Duration.ofSeconds(20), JobOption.id(id));
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
    ByHand.await("it is stored", () -> queue.find(id).isPresent());

    assertThat(queue.cancel(id)).containsExactly(receipt(id, ChangeStatus.APPLIED));

    assertThatThrownBy(answer::join)
        .hasCauseInstanceOf(JobCancelledException.class)
        .hasMessageContaining("Job " + id + " was cancelled: CANCELLED.");
    assertThatThrownBy(() -> queue.result(ASK, id)).isInstanceOf(JobCancelledException.class);
  }

  /** A storage that takes jobs inside a transaction, as far as the facade can tell. */
  private record Joining(JobStorage storage, List<Connection> seen) implements JdbcTransactions {
    @Override
    public List<EnqueueReceipt> enqueue(Connection connection, List<NewJob> jobs, Instant now) {
      seen.add(connection);
      return storage.enqueue(new CallId(77, seen.size()), jobs, now);
    }

    @Override
    public List<AckReceipt> ack(Connection connection, List<Ack> acks, Instant now) {
      throw new UnsupportedOperationException();
    }

    JobStorage withIt() {
      return proxy(
          JobStorage.class,
          (proxy, method, arguments) -> {
            if (method.getName().equals("capability") && arguments[0] == JdbcTransactions.class) {
              return Optional.of(this);
            }
            try {
              return method.invoke(storage, arguments);
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          });
    }
  }

  private static <T> T proxy(Class<T> type, java.lang.reflect.InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Test
  void within_enqueuesOnTheCallersConnection() {
    List<Connection> seen = new ArrayList<>();
    Joining joining = new Joining(hand.storage, seen);
    Connection connection =
        proxy(
            Connection.class,
            (proxy, method, arguments) -> {
              throw new AssertionError("Nobody but the storage uses it: " + method.getName());
            });
    queue = JobQueue.builder().discovery(Discovery.none()).storage(joining::withIt).build();
    Transactional within = queue.within(connection);

    JobId one = within.enqueue(SAY, "one").id();
    List<EnqueueReceipt> receipts =
        within.enqueueAll(List.of(SAY.job("two"), SAY.job("x".repeat(1_048_576))));

    assertThat(queue.find(one)).isPresent();
    assertThat(receipts)
        .extracting(EnqueueReceipt::status)
        .containsExactly(EnqueueReceipt.Status.ENQUEUED, EnqueueReceipt.Status.REJECTED);
    assertThat(seen).hasSize(2).allMatch(each -> each == connection);
    assertThatThrownBy(() -> within.enqueue(SAY, "x".repeat(1_048_576)))
        .isInstanceOf(RejectedException.class)
        .hasMessageContaining("its payload has 1048578 bytes");
  }

  @Test
  void aStorageThatCannot_saysSo() {
    Connection connection = proxy(Connection.class, (proxy, method, arguments) -> null);
    assertThatThrownBy(() -> queue.within(connection).enqueue(SAY, "x"))
        .hasMessageContaining(
            "can not do JdbcTransactions. Expected a storage with this capability");
    assertThatThrownBy(() -> queue.get(Runnable.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "No plugin provides java.lang.Runnable. Expected one that does; add it with use(…).");
  }
}
