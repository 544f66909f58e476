package dev.noria.storage.postgres;

import dev.noria.job.JobFilter;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.Page;
import dev.noria.job.QueueCounts;
import dev.noria.job.StoredJob;
import dev.noria.rows.Codes;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looking at what is stored. */
final class Listing implements Inspection {
  /** How often the statement names the queue. */
  private static final int OLDEST_READY_QUEUES = 8;

  private final Server server;

  Listing(Server server) {
    this.server = server;
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
    JobId last = cursor == null ? null : JobId.parse(cursor);
    return server.apart(session -> page(session, filter, last, limit));
  }

  private static Page<StoredJob> page(
      Session session, JobFilter filter, @Nullable JobId after, int limit) throws SQLException {
    List<JobRow> rows = new ArrayList<>();
    JobId last = after;
    int examined = 0;
    boolean end = false;
    while (rows.size() < limit && examined < EXAMINED && !end) {
      // Short steps first: most pages are full soon.
      int step = Math.min(EXAMINED - examined, Math.max(200, examined));
      List<JobRow> found = after(session, last, step);
      end = found.size() < step;
      Set<JobId> failed = failed(session, found, filter.fingerprint());
      for (JobRow row : found) {
        if (rows.size() == limit) {
          break;
        }
        examined++;
        last = row.id;
        if (failed.contains(row.id) && passes(session, row, filter)) {
          rows.add(row);
        }
      }
    }
    List<StoredJob> jobs = new ArrayList<>();
    for (JobRow row : rows) {
      jobs.add(Views.stored(session, row, Set.of()));
    }
    boolean cut = rows.size() == limit || examined == EXAMINED;
    return new Page<>(jobs, cut && last != null && examined > 0 ? last.toString() : null);
  }

  private static List<JobRow> after(Session session, @Nullable JobId last, int count)
      throws SQLException {
    JobId id = Cursors.behind(last).orElse(null);
    if (id == null) {
      return List.of();
    }
    return session
        .sql("job.after")
        .with(id)
        .with(count)
        .with(id)
        .with(count)
        .with(count)
        .all(JobRow::read);
  }

  private static boolean passes(Session session, JobRow row, JobFilter filter) throws SQLException {
    if (!filter.states().isEmpty() && !filter.states().contains(row.state)) {
      return false;
    }
    String queue = session.names().name(session, row.queue);
    return (filter.queue() == null || filter.queue().equals(queue))
        && (filter.from() == null || row.enqueued >= filter.from().toEpochMilli())
        && (filter.to() == null || row.enqueued < filter.to().toEpochMilli())
        && passes(row.job(queue), filter);
  }

  private static boolean passes(NewJob job, JobFilter filter) {
    JobKey key = job.key();
    return (filter.type() == null || filter.type().equals(job.type()))
        && (filter.group() == null || filter.group().equals(job.group()))
        && (filter.key() == null || (key != null && filter.key().equals(key.name())));
  }

  /** Those of the rows whose last failure has the fingerprint; all of them when none is asked. */
  private static Set<JobId> failed(Session session, List<JobRow> rows, @Nullable String wanted)
      throws SQLException {
    if (wanted == null) {
      return rows.stream().map(row -> row.id).collect(Collectors.toSet());
    }
    List<JobId> ids =
        rows.stream().filter(row -> row.has(Flags.FAILURES)).map(row -> row.id).toList();
    return Set.copyOf(session.sql("failure.with_fingerprint").ids(ids).with(wanted).ids());
  }

  @Override
  public QueueCounts counts(String queue) {
    return server.apart(
        session ->
            session
                .sql("queue.counts")
                .with(queue)
                .first(Listing::counts)
                .orElse(new QueueCounts(Map.of())));
  }

  private static QueueCounts counts(ResultSet row) throws SQLException {
    Map<JobState, Long> byState = new EnumMap<>(JobState.class);
    for (int code = 0; code < Codes.STATE_COUNT; code++) {
      byState.put(Codes.state(code), row.getLong(code + 1));
    }
    return new QueueCounts(byState);
  }

  @Override
  public Optional<Instant> oldestReady(String name) {
    return server.apart(
        session -> {
          Integer queue = session.names().ifThere(session, name);
          if (queue == null) {
            return Optional.empty();
          }
          Stmt look = session.sql("job.oldest_ready");
          for (int i = 0; i < OLDEST_READY_QUEUES; i++) {
            look.with(queue);
          }
          long due = look.number(-1);
          return due < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due));
        });
  }

  @Override
  public List<QueueState> queues() {
    return server.apart(
        session ->
            session
                .sql("queue.all")
                .all(row -> new QueueState(row.getString(1), row.getBoolean(2))));
  }
}
