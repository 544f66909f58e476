package dev.noria.storage.postgres;

import dev.noria.storage.DequeueRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees that no sleeper misses work that was committed while it lay down. Whoever enqueues looks for
 * sleepers in its own transaction; one that began before the sleeper's commit does not see it. So a
 * sleeper is looked after until every transaction that was open at its commit has ended.
 */
final class Naps {
  private static final long[] DELAYS_MILLIS = {1, 5, 25, 100, 500, 1_000, 2_000};
  private static final long NOT_KNOWN = -1;

  /** Where the looks after a sleeper begin that was woken in vain. */
  private static final int CALM_ROUND = 3;

  private final Server server;
  private final int seconds;
  private final Board board;
  private final Map<Long, Nap> naps = new ConcurrentHashMap<>();
  private final ScheduledExecutorService nurse =
      Executors.newSingleThreadScheduledExecutor(
          action -> {
            Thread thread = new Thread(action, "noria-postgres-naps");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * One sleep of one worker. Queues that it was woken for in vain are full up to their limits: they
   * wake it again only by the last look, or it would be awake all the time.
   */
  private static final class Nap {
    final Set<String> queues;
    final Set<Integer> vain;
    final Set<Integer> wokenBy = ConcurrentHashMap.newKeySet();
    volatile boolean woken;
    volatile @Nullable Future<?> next;

    /** Nobody needs to look after it any more. */
    void end() {
      Future<?> look = next;
      if (look != null) {
        look.cancel(false);
      }
    }

    Nap(Set<String> queues, Set<Integer> vain) {
      this.queues = queues;
      this.vain = vain;
    }
  }

  Naps(Server server, Board board) {
    this.server = server;
    this.seconds = (int) server.options().timeout().toSeconds();
    this.board = board;
    board.onDoubt(this::wakeAll);
  }

  boolean sleeps(long nonce) {
    return naps.containsKey(nonce);
  }

  /** The worker looked for work; {@code parked}: it found too little, and sleeps on. */
  void looked(DequeueRequest request, boolean parked, boolean found) {
    Nap before = naps.get(request.nonce());
    if (before == null && !parked) {
      return;
    }
    if (before != null) {
      before.end();
    }
    Set<String> queues = new HashSet<>(before == null ? Set.of() : before.queues);
    for (DequeueRequest.Demand demand : request.demands()) {
      if (parked) {
        queues.add(demand.queue());
      } else {
        queues.remove(demand.queue());
      }
    }
    if (queues.isEmpty()) {
      naps.remove(request.nonce());
      return;
    }
    // Who was woken by a look and found nothing is held up by limits, not by a race.
    Set<Integer> vain = new HashSet<>();
    if (before != null && before.woken && !found) {
      vain.addAll(before.vain);
      vain.addAll(before.wokenBy);
    }
    Nap nap = new Nap(queues, vain);
    naps.put(request.nonce(), nap);
    if (parked) {
      schedule(request.nonce(), nap, vain.isEmpty() ? 0 : CALM_ROUND, NOT_KNOWN);
    }
  }

  /** The worker's look failed: whatever it finds when it is repeated, it may have missed work. */
  void failed(DequeueRequest request) {
    Nap nap = naps.get(request.nonce());
    if (nap != null) {
      nap.woken = false;
    }
  }

  private void schedule(long nonce, Nap nap, int round, long until) {
    if (round == DELAYS_MILLIS.length) {
      return;
    }
    try {
      nap.next =
          nurse.schedule(
              () -> look(nonce, nap, round, until), DELAYS_MILLIS[round], TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      server.log().debug("A sleeper is left alone after close", e);
    }
  }

  private void look(long nonce, Nap nap, int round, long until) {
    if (naps.get(nonce) != nap) {
      return;
    }
    try {
      long end = until == NOT_KNOWN ? mark() : until;
      boolean last = round == DELAYS_MILLIS.length - 1;
      if (!wakes(nonce, nap, end, last)) {
        schedule(nonce, nap, round + 1, end);
      }
    } catch (RuntimeException e) {
      // It sees to the same sleep again: nobody else would.
      server.log().debug("A look after a sleeper failed", e);
      schedule(nonce, nap, Math.min(round + 1, DELAYS_MILLIS.length - 1), until);
    }
  }

  private long mark() {
    return server.alone(session -> session.sql("session.mark").within(seconds).number(0));
  }

  /** What one statement saw: which transactions were open, and which queues have work. */
  private record Look(long open, List<Integer> queues) {
    static Look read(ResultSet row) throws SQLException {
      return new Look(row.getLong(1), List.of((Integer[]) row.getArray(2).getArray()));
    }
  }

  /** Wakes the sleeper if it missed work; true when nobody needs to look after it any more. */
  private boolean wakes(long nonce, Nap nap, long end, boolean last) {
    Names names = server.names();
    Parts parts = server.marks().of(nap.queues.stream().mapToInt(names::id).toArray());
    // One statement, not a transaction of several: right now somebody may be enqueueing.
    Look look =
        server.alone(
            session ->
                parts
                    .bind(session.sql("sleeper.look").within(seconds).with(nonce))
                    .first(Look::read)
                    .orElseThrow());
    boolean leftAlone = false;
    boolean woken = false;
    for (int queue : look.queues()) {
      if (!last && nap.vain.contains(queue)) {
        leftAlone = true;
      } else {
        nap.wokenBy.add(queue);
        nap.woken = true;
        woken = true;
        board.happened(new News.Work(queue, News.NOW));
      }
    }
    // Who was left alone is looked after to the last round, whatever has ended by now.
    return woken || (!leftAlone && look.open() > end);
  }

  /**
   * Signals may have been lost, and with them the rows of sleepers, which were woken as far as the
   * database knows: every sleeper looks for itself.
   */
  void wakeAll() {
    for (Nap nap : naps.values()) {
      nap.queues.forEach(board::wake);
    }
  }

  void close() {
    nurse.shutdownNow();
    try {
      boolean calm = nurse.awaitTermination(50, TimeUnit.MILLISECONDS);
      if (!calm) {
        server.log().debug("A look after a sleeper is cut off by the close");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
