package dev.noria.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.ErrorInfo;
import dev.noria.job.NewJob;
import dev.noria.storage.Ack;
import dev.noria.storage.JobStorage;
import dev.noria.storage.LeasedJob;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryViewTest {
  @TempDir Path folder;

  @Test
  void view_showsJobsInWords() throws SQLException {
    Path file = folder.resolve("jobs.db");
    NewJob dead;
    NewJob running;
    try (JobStorage storage = SqliteStorage.open(Fixture.options(file))) {
      dead = Fixture.enqueue(storage, Fixture.builder().type("mäil").group("acme").build());
      LeasedJob leased = Fixture.dequeue(storage, 1).jobs().get(0);
      Ack ack = new Ack.Dead(leased.lease(), ErrorInfo.of("TIMEOUT", "too slow"));
      storage.ack(Fixture.call(), List.of(ack), Fixture.NOW.plusSeconds(1));
      running = Fixture.enqueue(storage, Fixture.builder().priority(-3).build());
      Fixture.dequeue(storage, 1);
    }
    assertThat(
            Fixture.row(
                file,
                "SELECT job, queue, type, job_group, state, reason, priority, attempt, enqueued_at,"
                    + " finished_at, last_error_type, last_error_message, last_error_at"
                    + " FROM noria_job_history WHERE state = 'DEAD'"))
        .containsExactly(
            dead.id().toString(),
            "q",
            "mäil",
            "acme",
            "DEAD",
            "FAILED",
            "0",
            "1",
            "2030-01-01T00:00:00.000Z",
            "2030-01-01T00:00:01.000Z",
            "TIMEOUT",
            "too slow",
            "2030-01-01T00:00:01.000Z");
    assertThat(
            Fixture.row(
                file,
                "SELECT job, state, priority, worker, started_at, last_error_type"
                    + " FROM noria_job_history WHERE state = 'RUNNING'"))
        .containsExactly(
            running.id().toString(), "RUNNING", "-3", "worker", "2030-01-01T00:00:00.000Z", null);
  }
}
