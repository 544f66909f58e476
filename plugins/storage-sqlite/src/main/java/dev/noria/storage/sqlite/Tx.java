package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import java.sql.SQLException;

/** What the statements of one call work with: a transaction that is open and nobody else's. */
record Tx(Session session, Place place, News news) {

  /** Who writes, and under which name. */
  record Place(String instance) {}

  Stmt sql(String name) throws SQLException {
    return session.sql(name);
  }

  Mirror mirror() {
    return session.mirror();
  }

  /** Tells waiters, here and in other processes, that a job ended. */
  void finished(JobRow row) throws SQLException {
    boolean awaited = row.has(Flags.AWAITED);
    if (awaited || row.has(Flags.WATCHED)) {
      news.add(new News.Finished(row.id, row.state, awaited));
      signal(awaited ? Watcher.FINISHED : Watcher.WATCHED, row.id, row.state);
    }
  }

  /** Tells whoever runs the job that somebody wants it to stop. */
  void cancelRequested(JobId id) throws SQLException {
    news.add(new News.Cancel(id));
    signal(Watcher.CANCEL, id, JobState.RUNNING);
  }

  private void signal(int kind, JobId id, JobState state) throws SQLException {
    if (mirror().hasOthers(place.instance())) {
      Stmt add = sql("signal.add").with(place.instance()).with(kind);
      add.with(id.toBytes()).with(Codes.of(state)).run();
    }
  }
}
