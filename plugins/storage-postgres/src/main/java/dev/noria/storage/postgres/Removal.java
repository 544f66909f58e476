package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes many jobs of a kind, a bounded number at a time. */
final class Removal {
  private Removal() {}

  static int purge(
      Tx tx,
      @Nullable String name,
      List<JobState> states,
      Instant olderThan,
      int limit,
      Instant now)
      throws SQLException {
    Integer queue = name == null ? null : tx.names().ifThere(tx.session(), name);
    if (name != null && queue == null) {
      return 0;
    }
    List<JobId> oldest = new ArrayList<>();
    for (JobState state : states) {
      Stmt find =
          tx.sql(queue == null ? "done.before" : "done.before_of")
              .with(Codes.of(state))
              .with(olderThan.toEpochMilli());
      if (queue != null) {
        find.with(queue);
      }
      oldest.addAll(find.with(limit).ids());
    }
    List<JobRow> rows = new ArrayList<>(Jobs.lock(tx, oldest).values());
    rows.sort(Comparator.comparingLong(row -> row.finished));
    return removeAll(tx, rows.subList(0, Math.min(limit, rows.size())), now);
  }

  static int discard(Tx tx, String name, int limit, Instant now) throws SQLException {
    Integer queue = tx.names().ifThere(tx.session(), name);
    if (queue == null) {
      return 0;
    }
    return removeAll(tx, find(tx, queue, limit, List.of("job.ready_of", "job.scheduled_of")), now);
  }

  private static List<JobRow> find(Tx tx, int queue, int limit, List<String> looks)
      throws SQLException {
    List<JobId> found = new ArrayList<>();
    for (String look : looks) {
      int left = limit - found.size();
      if (left > 0) {
        found.addAll(tx.sql(look).with(queue).with(left).ids());
      }
    }
    return List.copyOf(Jobs.lock(tx, found).values());
  }

  static int clear(Tx tx, String name, int limit, Instant now) throws SQLException {
    Integer queue = tx.names().ifThere(tx.session(), name);
    if (queue == null) {
      return 0;
    }
    // Blocked and finished ones have no index by queue; nobody clears a queue every second.
    return removeAll(
        tx,
        find(
            tx,
            queue,
            limit,
            List.of("job.ready_of", "job.scheduled_of", "job.blocked_of", "done.of")),
        now);
  }

  private static int removeAll(Tx tx, List<JobRow> rows, Instant now) throws SQLException {
    for (JobRow row : rows) {
      Ending.remove(tx, row, now.toEpochMilli());
    }
    return rows.size();
  }
}
