package dev.noria.storage.sqlite;

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
    QueueRow queue = name == null ? null : tx.mirror().queueIfThere(name);
    if (name != null && queue == null) {
      return 0;
    }
    List<Finished> oldest = new ArrayList<>();
    for (JobState state : states) {
      Stmt find =
          tx.sql(queue == null ? "job.finished_before" : "job.finished_before_of")
              .with(Codes.of(state))
              .with(olderThan.toEpochMilli());
      if (queue != null) {
        find.with(queue.id);
      }
      oldest.addAll(find.with(limit).all(row -> new Finished(row.getLong(1), row.getLong(2))));
    }
    List<Long> seqs =
        oldest.stream()
            .sorted(Comparator.comparingLong(Finished::at))
            .limit(limit)
            .map(Finished::seq)
            .toList();
    return removeAll(tx, seqs, now);
  }

  private record Finished(long seq, long at) {}

  static int discard(Tx tx, String name, int limit, Instant now) throws SQLException {
    QueueRow queue = tx.mirror().queueIfThere(name);
    if (queue == null) {
      return 0;
    }
    int removed = 0;
    for (String find : List.of("job.ready_of", "job.scheduled_of")) {
      List<Long> found = tx.sql(find).with(queue.id).with(limit - removed).numbers();
      removed += removeAll(tx, found, now);
    }
    return removed;
  }

  static int clear(Tx tx, String name, int limit, Instant now) throws SQLException {
    QueueRow queue = tx.mirror().queueIfThere(name);
    if (queue == null || queue.settled() == 0) {
      return 0;
    }
    int removed = discard(tx, name, limit, now);
    if (queue.settled() > 0 && removed < limit) {
      // Blocked and finished ones have no index by queue; nobody clears a queue every second.
      List<Long> rest = tx.sql("job.not_running_of").with(queue.id).with(limit - removed).numbers();
      removed += removeAll(tx, rest, now);
    }
    return removed;
  }

  private static int removeAll(Tx tx, List<Long> seqs, Instant now) throws SQLException {
    int removed = 0;
    for (long seq : seqs) {
      JobRow row = Jobs.bySeq(tx.session(), seq);
      if (row != null) {
        Ending.remove(tx, row, now.toEpochMilli());
        removed++;
      }
    }
    Dependents.settleNews(tx, new Report(), now.toEpochMilli());
    return removed;
  }
}
