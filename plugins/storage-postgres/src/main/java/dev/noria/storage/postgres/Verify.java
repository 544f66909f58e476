package dev.noria.storage.postgres;

import dev.noria.job.Dependencies.OnMissing;
import dev.noria.job.JobId;
import dev.noria.job.JobKey;
import dev.noria.job.JobState;
import dev.noria.job.KeyPolicy.Until;
import dev.noria.rows.Codes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the jobs, one page per call, and compares them with the tables beside (S5.3). The
 * position is of this storage only; it starts over at the end. Thread-safe.
 */
final class Verify {
  private static final int PAGE = 200;
  private static final JobId START = new JobId(0, 0);

  private JobId position = START;
  private Entry keys = Entry.START;

  private record Entry(int queue, String name, JobId holder, int until) {
    static final Entry START = new Entry(-1, "", Verify.START, 0);

    static Entry read(ResultSet row) throws SQLException {
      return new Entry(row.getInt(1), row.getString(2), Stmt.id(row, 3), row.getInt(4));
    }
  }

  synchronized void page(Server server, Units units, Report report, long now) {
    JobId from = position;
    Report own = new Report();
    position =
        units.run(
            now,
            report,
            tx -> {
              own.clear();
              return jobs(tx, from, own, now);
            });
    report.add(own);
    Entry first = keys;
    Report healed = new Report();
    keys =
        units.run(
            now,
            report,
            tx -> {
              healed.clear();
              return keys(tx, first, healed);
            });
    report.add(healed);
  }

  private static JobId jobs(Tx tx, JobId from, Report own, long now) throws SQLException {
    List<JobRow> rows = tx.sql("job.page").with(from).with(PAGE).all(JobRow::read);
    ring(tx, rows, own);
    for (JobRow row : rows) {
      check(tx, row, own, now);
    }
    return rows.size() < PAGE ? START : Cursors.behind(rows.get(rows.size() - 1).id).orElse(START);
  }

  /** Entries whose holder is gone or over, although they should have gone with it. */
  private static Entry keys(Tx tx, Entry from, Report own) throws SQLException {
    List<Entry> entries =
        tx.sql("key.page").with(from.queue()).with(from.name()).with(PAGE).all(Entry::read);
    for (Entry entry : entries) {
      Until until = Codes.UNTIL.get(entry.until());
      if (until != Until.WINDOW && !isHeld(tx, entry, until)) {
        own.healed +=
            tx.sql("key.free")
                .with(entry.queue())
                .with(entry.name())
                .with(entry.holder())
                .with(entry.until())
                .run();
      }
    }
    return entries.size() < PAGE ? Entry.START : entries.get(PAGE - 1);
  }

  /** A holder that somebody has locked may be changing its entry right now: it is believed. */
  private static boolean isHeld(Tx tx, Entry entry, Until until) throws SQLException {
    JobState state = state(tx, entry.holder());
    if (state != null && holds(until, state)) {
      return true;
    }
    if (state == null || state.isFinished()) {
      JobState again = state(tx, entry.holder());
      return again != null && holds(until, again);
    }
    return tx.sql("job.lock_free")
        .ids(List.of(entry.holder()))
        .first(JobRow::read)
        .map(row -> holds(until, row.state))
        .orElse(true);
  }

  /** A group with work is in its ring, unless it runs as much as it may. */
  private static void ring(Tx tx, List<JobRow> rows, Report own) throws SQLException {
    List<JobRow> waiting =
        rows.stream().filter(row -> row.state == JobState.READY && row.grp != null).toList();
    if (waiting.isEmpty()) {
      return;
    }
    int[] queues = waiting.stream().mapToInt(row -> row.queue).toArray();
    Object[] groups = waiting.stream().map(row -> row.grp).toArray();
    List<Group> missing =
        tx.sql("bell.missing").numbers(queues).array("text", groups).all(Group::read);
    for (Group group : missing) {
      if (!group.isFull(tx)) {
        tx.ring(group.queue(), group.name());
        own.healed++;
      }
    }
  }

  private record Group(int queue, String name) {
    static Group read(ResultSet row) throws SQLException {
      return new Group(row.getInt(1), row.getString(2));
    }

    boolean isFull(Tx tx) throws SQLException {
      int most = QueueRow.look(tx.session(), queue).policy.of(name).maxRunning();
      return most > 0 && tx.sql("grp.running").with(queue).with(name).number(0) >= most;
    }
  }

  private static void check(Tx tx, JobRow row, Report own, long now) throws SQLException {
    if (row.state != JobState.BLOCKED && !misses(tx, row, now)) {
      // A waiting job that is locked would be overtaken: so nobody is for a mere look.
      return;
    }
    Optional<JobRow> locked = tx.sql("job.lock_free").ids(List.of(row.id)).first(JobRow::read);
    if (locked.isEmpty()) {
      return;
    }
    if (locked.get().state == JobState.BLOCKED) {
      checkBlocked(tx, locked.get(), own, now);
    }
    checkKey(tx, locked.get(), own, now);
  }

  /** Whether the entry of its key is nobody's, although the job should have it. */
  private static boolean misses(Tx tx, JobRow row, long now) throws SQLException {
    JobKey key = Keys.of(tx, row);
    return key != null
        && holds(key.policy().until(), row.state)
        && Keys.holder(tx, row.queue, key.name(), now).isEmpty();
  }

  private static void checkKey(Tx tx, JobRow row, Report own, long now) throws SQLException {
    JobKey key = Keys.of(tx, row);
    if (key != null && misses(tx, row, now) && Keys.take(tx, row.queue, key, row.id, now)) {
      own.healed++;
    }
  }

  /** Whether a job of this state must have its entry, if nobody else has it. */
  static boolean holds(Until until, JobState state) {
    return switch (until) {
      case STARTED -> state.isWaiting();
      case FINISHED -> !state.isFinished();
      case PURGED -> true;
      case WINDOW -> false;
    };
  }

  /** Edges to jobs that ended or are gone, as a restore may leave them. */
  private static void checkBlocked(Tx tx, JobRow row, Report own, long now) throws SQLException {
    String queue = tx.names().name(tx.session(), row.queue);
    OnMissing missing = row.job(queue).dependencies().onMissing();
    for (JobId id : tx.sql("edge.prerequisites").with(row.id).ids()) {
      JobState state = state(tx, id);
      if (state == null && missing == OnMissing.COUNT_AS_DONE) {
        Dependents.set(tx, Dependents.DONE, id, row.id);
      } else if (state == null) {
        Dependents.ended(tx, id, JobState.CANCELLED);
      } else if (state.isFinished()) {
        Dependents.ended(tx, id, state);
      }
    }
    Dependents.releaseIfFree(tx, row, own, now);
  }

  private static @Nullable JobState state(Tx tx, JobId id) throws SQLException {
    long code = tx.sql("job.state_of").with(id).with(id).number(-1);
    return code < 0 ? null : Codes.state((int) code);
  }
}
