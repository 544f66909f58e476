package dev.noria.storage.sqlite;

import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import dev.noria.storage.Inspection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looking at what is stored. */
final class Listing implements Inspection {
  private final Reader reader;

  Listing(Reader reader) {
    this.reader = reader;
  }

  static void checkLimit(int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException(
          "A page of " + limit + " was asked for. Expected 1 to 1000.");
    }
  }

  @Override
  public Page<StoredJob> list(JobFilter filter, @Nullable String cursor, int limit) {
    checkLimit(limit);
    byte[] after = cursor == null ? new byte[0] : JobId.parse(cursor).toBytes();
    return reader.read(session -> page(session, filter, after, limit));
  }

  private static Page<StoredJob> page(Session session, JobFilter filter, byte[] after, int limit)
      throws SQLException {
    List<JobRow> found = new ArrayList<>();
    JobId last = null;
    int examined = 0;
    try (ResultSet rows = session.sql("job.after_id").with(after).with(EXAMINED).rows()) {
      while (found.size() < limit && rows.next()) {
        examined++;
        JobRow row = JobRow.read(rows);
        last = row.id;
        if (passes(session, row, filter)) {
          found.add(row);
        }
      }
    }
    List<StoredJob> jobs = new ArrayList<>();
    for (JobRow row : found) {
      jobs.add(Views.stored(session, row, Set.of()));
    }
    boolean cut = found.size() == limit || examined == EXAMINED;
    return new Page<>(jobs, cut && last != null ? last.toString() : null);
  }

  private static boolean passes(Session session, JobRow row, JobFilter filter) throws SQLException {
    if (!filter.states().isEmpty() && !filter.states().contains(row.state)) {
      return false;
    }
    QueueRow queue = session.mirror().queue(row.queue);
    return (filter.queue() == null || filter.queue().equals(queue.name))
        && (filter.from() == null || row.enqueued >= filter.from().toEpochMilli())
        && (filter.to() == null || row.enqueued < filter.to().toEpochMilli())
        && passes(row.job(queue), filter)
        && hasFingerprint(session, row, filter.fingerprint());
  }

  private static boolean passes(NewJob job, JobFilter filter) {
    JobKey key = job.key();
    return (filter.type() == null || filter.type().equals(job.type()))
        && (filter.group() == null || filter.group().equals(job.group()))
        && (filter.key() == null || (key != null && filter.key().equals(key.name())));
  }

  private static boolean hasFingerprint(Session session, JobRow row, @Nullable String wanted)
      throws SQLException {
    if (wanted == null) {
      return true;
    }
    return row.has(Flags.FAILURES)
        && session
            .sql("failure.fingerprint")
            .with(row.seq)
            .first(found -> found.getString(1).equals(wanted))
            .orElse(false);
  }

  @Override
  public QueueCounts counts(String queue) {
    return reader.read(
        session ->
            session
                .sql("queue.by_name")
                .with(queue)
                .first(Listing::counts)
                .orElse(new QueueCounts(Map.of())));
  }

  private static QueueCounts counts(ResultSet row) throws SQLException {
    QueueRow queue = QueueRow.read(row);
    Map<JobState, Long> byState = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      byState.put(state, queue.count(state));
    }
    return new QueueCounts(byState);
  }

  @Override
  public Optional<Instant> oldestReady(String name) {
    return reader.read(
        session -> {
          long queue =
              session.sql("queue.by_name").with(name).first(row -> row.getLong(1)).orElse(-1L);
          // min() of nothing is NULL, which the driver reads as 0.
          long due =
              session
                  .sql("job.oldest_ready")
                  .with(queue)
                  .first(row -> row.getString(1) == null ? -1L : row.getLong(1))
                  .orElse(-1L);
          return due < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due));
        });
  }

  @Override
  public List<QueueState> queues() {
    return reader.read(
        session ->
            session
                .sql("queue.all")
                .all(row -> new QueueState(row.getString(1), row.getLong(2) != 0)));
  }
}
