package dev.noria.storage.sqlite;

import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Keeps counts, the ring, events and news right whenever jobs change their state. */
final class Ledger {
  /** Behind the states in what a recount has seen of a queue. */
  private static final int GROUPED_READY = Codes.STATE_COUNT;

  /** For those whose damaged bodies do not say it any more; nobody can name a group like this. */
  private static final String NAMELESS = "";

  private Ledger() {}

  /** One job went from one state to another; null is "not there". */
  static void moved(Tx tx, JobRow row, @Nullable JobState from, @Nullable JobState to, long now)
      throws SQLException {
    QueueRow queue = tx.mirror().queue(row.queue);
    if (from != null) {
      rehome(tx, row, from);
    }
    count(tx, queue, row.grp, from, to, Moves.one(tx, row.seq));
    if (to == JobState.SCHEDULED && !queue.paused) {
      tx.news().due(queue.name, row.due);
    }
    if (from != to && EventLog.records(tx, to)) {
      EventLog.add(tx, row.id, queue.name, Body.type(row.body), from, to, now);
    }
  }

  /** Jobs of one line went from one state to another. */
  static void count(
      Tx tx, QueueRow queue, long grp, @Nullable JobState from, @Nullable JobState to, Moves moves)
      throws SQLException {
    int n = moves.all();
    if (n == 0) {
      return;
    }
    if (moves.passed() > 0) {
      GroupRow group = grp == 0 ? null : tx.mirror().group(grp);
      see(queue, group, from, -moves.passed(), Recount.sweep(tx));
      see(queue, group, to, moves.passed(), Recount.sweep(tx));
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
      queue.groupedReady += change(JobState.READY, from, to, n);
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

  /** Whether the row of a group, if it is any, is where the jobs of it say. */
  static boolean isThere(Tx tx, long grp) throws SQLException {
    return grp == 0 || tx.mirror().groupIfThere(grp) != null;
  }

  /**
   * A job whose group row is lost goes to the row with the name in its body, made anew if need be.
   * Its queue has counted it all along, in {@code state}. Says whether that was necessary.
   */
  static boolean rehome(Tx tx, JobRow row, JobState state) throws SQLException {
    if (isThere(tx, row.grp)) {
      return false;
    }
    QueueRow queue = tx.mirror().queue(row.queue);
    String name = row.job(queue).group();
    GroupRow group = tx.mirror().group(queue, name == null ? NAMELESS : name);
    row.grp = group.id;
    tx.sql("job.rehome").with(row.grp).with(row.seq).run();
    seeInGroup(group, state, Moves.one(tx, row.seq).passed(), Recount.sweep(tx));
    countGroup(group, queue, null, state, 1);
    return true;
  }

  private static void countGroup(
      GroupRow group, QueueRow queue, @Nullable JobState from, @Nullable JobState to, int n) {
    int ready = change(JobState.READY, from, to, n);
    int running = change(JobState.RUNNING, from, to, n);
    group.ready += ready;
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

  /** A recount comes past a job. */
  static void pass(QueueRow queue, @Nullable GroupRow group, JobState state, long sweep) {
    see(queue, group, state, 1, sweep);
  }

  private static void see(
      QueueRow queue, @Nullable GroupRow group, @Nullable JobState state, int n, long sweep) {
    if (state == null) {
      return;
    }
    queue.seen.add(sweep, Codes.of(state), n);
    queue.touch();
    if (group != null) {
      queue.seen.add(sweep, GROUPED_READY, state == JobState.READY ? n : 0);
      seeInGroup(group, state, n, sweep);
    }
  }

  private static void seeInGroup(GroupRow group, JobState state, int n, long sweep) {
    group.seen.add(sweep, 0, state == JobState.READY ? n : 0);
    group.seen.add(sweep, 1, state == JobState.RUNNING ? n : 0);
    group.seen.add(sweep, 2, n);
    group.touch();
  }

  /** Takes what a recount has seen; says whether that was anything new. */
  static boolean correct(QueueRow queue, long sweep) {
    boolean wrong = queue.groupedReady != queue.seen.number(sweep, GROUPED_READY);
    for (int i = 0; i < queue.counts.length; i++) {
      wrong |= queue.counts[i] != queue.seen.number(sweep, i);
      queue.counts[i] = queue.seen.number(sweep, i);
    }
    queue.groupedReady = queue.seen.number(sweep, GROUPED_READY);
    if (wrong) {
      queue.touch();
    }
    return wrong;
  }

  /** The same for a group; one that stands outside the ring for no reason comes back. */
  static boolean correct(GroupRow group, QueueRow queue, long sweep) {
    boolean wrong =
        group.ready != group.seen.number(sweep, 0)
            || group.running != group.seen.number(sweep, 1)
            || group.total != group.seen.number(sweep, 2);
    group.ready = group.seen.number(sweep, 0);
    group.running = group.seen.number(sweep, 1);
    group.total = group.seen.number(sweep, 2);
    int most = queue.policy.of(group.name).maxRunning();
    boolean full = most > 0 && group.running >= most;
    boolean left = group.ready > 0 && !group.open && group.resume < 0 && !full;
    boolean idle = group.ready == 0 && group.open;
    if (left || idle) {
      group.open = left;
      group.turn = queue.nextTurn();
      group.credit = 0;
    }
    if (wrong || left || idle) {
      group.touch();
    }
    return wrong || left || idle;
  }

  private static int change(JobState of, @Nullable JobState from, @Nullable JobState to, int n) {
    return (to == of ? n : 0) - (from == of ? n : 0);
  }
}
