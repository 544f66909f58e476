package dev.noria.storage.sqlite;

import dev.noria.job.JobState;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Keeps counts, the ring, events and news right whenever jobs change their state. */
final class Ledger {
  private Ledger() {}

  /** One job went from one state to another; null is "not there". */
  static void moved(Tx tx, JobRow row, @Nullable JobState from, @Nullable JobState to, long now)
      throws SQLException {
    QueueRow queue = tx.mirror().queue(row.queue);
    count(tx, queue, row.grp, from, to, 1);
    if (to == JobState.SCHEDULED && !queue.paused) {
      tx.news().due(queue.name, row.due);
    }
    if (from != to && EventLog.records(tx, to)) {
      EventLog.add(tx, row.id, queue.name, Body.type(row.body), from, to, now);
    }
  }

  /** {@code n} jobs of one line went from one state to another. */
  static void count(
      Tx tx, QueueRow queue, long grp, @Nullable JobState from, @Nullable JobState to, int n)
      throws SQLException {
    if (n == 0) {
      return;
    }
    long plain = queue.plainReady();
    if (from != null) {
      queue.counts[Codes.of(from)] -= n;
    }
    if (to != null) {
      queue.counts[Codes.of(to)] += n;
    }
    queue.touch();
    if (grp != 0) {
      countGroup(tx.mirror().group(grp), queue, from, to, n);
    } else if (plain == 0 && queue.plainReady() > 0) {
      queue.plainTurn = queue.nextTurn();
      queue.plainCredit = 0;
    }
    boolean slotFree = from == JobState.RUNNING && queue.count(JobState.READY) > 0;
    if (!queue.paused && (to == JobState.READY || slotFree)) {
      tx.news().ready(queue.name);
    }
  }

  private static void countGroup(
      GroupRow group, QueueRow queue, @Nullable JobState from, @Nullable JobState to, int n) {
    int ready = change(JobState.READY, from, to, n);
    int running = change(JobState.RUNNING, from, to, n);
    group.ready += ready;
    queue.groupedReady += ready;
    group.running += running;
    group.total += (from == null ? n : 0) - (to == null ? n : 0);
    group.touch();
    if (group.ready == 0) {
      group.open = false;
      group.resume = -1;
    } else if (!group.open && group.resume < 0 && (ready > 0 || running < 0)) {
      group.open = true;
      group.turn = queue.nextTurn();
      group.credit = 0;
    }
  }

  private static int change(JobState of, @Nullable JobState from, @Nullable JobState to, int n) {
    return (to == of ? n : 0) - (from == of ? n : 0);
  }
}
