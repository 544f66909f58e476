package dev.noria.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.job.GroupPolicy;
import dev.noria.job.JobId;
import dev.noria.job.NewJob;
import dev.noria.job.QueuePolicy;
import dev.noria.storage.Administration;
import dev.noria.storage.CallId;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.DequeueRequest.Demand;
import dev.noria.storage.LeasedJob;
import dev.noria.storage.StorageException;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What maintenance does with rows that resist, and with those that only look odd. */
class MaintainTest {
  private static final String SCHEMA = "maintain_test";
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final String RESISTING =
      """
      CREATE FUNCTION %1$s.resist() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.id = '00000000-0000-0000-0000-000000000002' THEN RAISE EXCEPTION 'it resists'; END IF;
        RETURN OLD;
      END $$;
      CREATE TRIGGER resist BEFORE DELETE ON %1$s.job FOR EACH ROW EXECUTE FUNCTION %1$s.resist();
      """;

  private final PostgresStorage storage =
      PostgresStorage.open(TestServer.options().withNamespace(SCHEMA));
  private long calls;

  @AfterEach
  void dropSchema() {
    storage.close();
    TestServer.drop(SCHEMA);
  }

  @Test
  void jobThatCanNotBeEnded_keepsNoOtherFromItsEnd() {
    for (int id = 1; id <= 3; id++) {
      enqueue(id, job -> job.deadline(NOW.minusSeconds(1)));
    }
    TestServer.run(RESISTING.formatted(SCHEMA));
    assertThatThrownBy(() -> storage.maintain(100, NOW))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("it resists");
    assertThat(TestServer.column("SELECT id FROM " + SCHEMA + ".job")).hasSize(1);
    assertThat(TestServer.column("SELECT id FROM " + SCHEMA + ".done")).hasSize(2);
  }

  @Test
  void groupThatRunsAllItMay_isNotHealed() {
    Administration admin = storage.capability(Administration.class).orElseThrow();
    GroupPolicy one = GroupPolicy.UNLIMITED.withMaxRunning(1);
    admin.setPolicy("q", QueuePolicy.UNLIMITED.withDefaults(one), NOW);
    enqueue(1, job -> job.group("g"));
    enqueue(2, job -> job.group("g"));
    assertThat(dequeue()).hasSize(1);
    assertThat(dequeue()).isEmpty();
    assertThat(storage.maintain(100, NOW).healed()).isZero();
    TestServer.run("DELETE FROM " + SCHEMA + ".job WHERE state = 3");
    assertThat(storage.maintain(100, NOW).healed()).isEqualTo(1);
    assertThat(dequeue()).hasSize(1);
  }

  private void enqueue(long number, UnaryOperator<NewJob.Builder> change) {
    NewJob.Builder job = NewJob.builder(new JobId(0, number), "t", "q", Bytes.utf8("payload"));
    storage.enqueue(new CallId(1, ++calls), List.of(change.apply(job).build()), NOW);
  }

  private List<LeasedJob> dequeue() {
    DequeueRequest request =
        new DequeueRequest(
            "w", 7, NOW.plusSeconds(60), List.of(new Demand("q", 5)), 5, 1 << 20, false, 0);
    return storage.exchange(new CallId(2, ++calls), List.of(), request, NOW).jobs();
  }
}
