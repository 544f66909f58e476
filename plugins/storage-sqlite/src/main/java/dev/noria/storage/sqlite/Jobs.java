package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds rows of the job table. */
final class Jobs {
  private Jobs() {}

  static @Nullable JobRow bySeq(Session session, long seq) throws SQLException {
    return session.sql("job.by_seq").with(seq).first(JobRow::read).orElse(null);
  }

  static @Nullable JobRow byId(Session session, JobId id) throws SQLException {
    return session.sql("job.by_id").with(id.toBytes()).first(JobRow::read).orElse(null);
  }

  /** Numbers as the array that {@code json_each} takes: one binding for any number of rows. */
  static String array(List<Long> numbers) {
    StringBuilder text = new StringBuilder(numbers.size() * 8 + 2).append('[');
    for (int i = 0; i < numbers.size(); i++) {
      text.append(i == 0 ? "" : ",").append((long) numbers.get(i));
    }
    return text.append(']').toString();
  }
}
