package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds rows of jobs. Who locks several does so in the order of their ids. */
final class Jobs {
  private Jobs() {}

  /** Locks the rows, finished ones too; missing ones are left out. Without payloads. */
  static Map<JobId, JobRow> lock(Tx tx, Collection<JobId> ids) throws SQLException {
    Map<JobId, JobRow> found = new HashMap<>();
    // A replay may carry a job from one table to the other between the two looks.
    for (String table : List.of("job.lock", "done.lock", "job.lock")) {
      TreeSet<JobId> missing = new TreeSet<>(ids);
      missing.removeAll(found.keySet());
      if (missing.isEmpty()) {
        break;
      }
      for (JobRow row : tx.sql(table).ids(missing).all(JobRow::read)) {
        found.put(row.id, row);
      }
    }
    return found;
  }

  static @Nullable JobRow lock(Tx tx, JobId id) throws SQLException {
    return lock(tx, List.of(id)).get(id);
  }

  /** Locks rows of unfinished jobs that a look of this transaction found. */
  static List<JobRow> lockUnfinished(Tx tx, List<JobId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<JobId, JobRow> found = new HashMap<>();
    for (JobRow row : tx.sql("job.lock").ids(new TreeSet<>(ids)).all(JobRow::read)) {
      found.put(row.id, row);
    }
    List<JobRow> rows = new ArrayList<>(found.size());
    for (JobId id : ids) {
      JobRow row = found.get(id);
      if (row != null) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** The rows as they are, with payloads, not locked. */
  static Map<JobId, JobRow> look(Session session, Collection<JobId> ids) throws SQLException {
    Map<JobId, JobRow> found = new HashMap<>();
    for (JobRow row : session.sql("job.of").ids(ids).ids(ids).all(JobRow::read)) {
      found.put(row.id, row);
    }
    return found;
  }
}
