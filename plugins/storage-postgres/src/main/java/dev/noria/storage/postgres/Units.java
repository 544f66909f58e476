package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.storage.StorageException;
import dev.noria.storage.postgres.Dependents.Settled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs units of work, and what follows each of them: the news, and the settling of dependents. */
final class Units {
  private final Server server;
  private final Board board;

  Units(Server server, Board board) {
    this.server = server;
    this.board = board;
  }

  /** Runs {@code work} in a transaction; its dependents are settled in following ones. */
  <T extends @Nullable Object> T run(long now, Server.Work<T> work) {
    return run(now, new Report(), work);
  }

  /** The same, and notes in {@code report} what happened to dependents. */
  <T extends @Nullable Object> T run(long now, Report report, Server.Work<T> work) {
    Server.Outcome<T> outcome = server.transact(work);
    board.committed(outcome.news());
    settle(outcome.news(), report, now);
    return outcome.result();
  }

  private void settle(News news, Report report, long now) {
    Deque<JobId> ended = new ArrayDeque<>(news.ended());
    int left = Dependents.BOUND;
    try {
      while (!ended.isEmpty() && left > 0) {
        JobId id = ended.remove();
        int limit = left;
        Report own = new Report();
        Server.Outcome<Optional<Settled>> outcome =
            server.transact(
                tx -> {
                  own.clear();
                  return Dependents.of(tx, id, limit, own, now);
                });
        report.add(own);
        board.committed(outcome.news());
        ended.addAll(outcome.news().ended());
        left -= outcome.result().map(Settled::settled).orElse(0);
      }
    } catch (StorageException e) {
      // The unit itself is committed; maintenance settles what is left.
      server.log().debug("Dependents are left to maintenance", e);
    }
  }

  /** Settles what is left over from others, at most {@code limit}; says whether there is more. */
  boolean settleAll(int limit, Report report, long now) {
    JobId after = new JobId(0, 0);
    int left = limit;
    boolean more = false;
    while (left > 0) {
      JobId from = after;
      int most = left;
      Report own = new Report();
      Server.Outcome<Optional<Settled>> outcome =
          server.transact(
              tx -> {
                own.clear();
                return Dependents.next(tx, from, most, own, now);
              });
      report.add(own);
      board.committed(outcome.news());
      if (outcome.result().isEmpty()) {
        return more;
      }
      Settled settled = outcome.result().get();
      // What a settled one ended in turn may stand before it.
      more |= settled.more() || !outcome.news().ended().isEmpty();
      left -= Math.max(1, settled.settled());
      Optional<JobId> behind = Cursors.behind(settled.last());
      if (behind.isEmpty()) {
        return more;
      }
      after = behind.get();
    }
    return true;
  }
}
