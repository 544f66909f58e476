package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.storage.Signals;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Registrations of listeners and waiters. */
final class Hearing implements Signals {
  private final Server server;
  private final Board board;

  Hearing(Server server, Board board) {
    this.server = server;
    this.board = board;
  }

  @Override
  public Registration listen(Listener listener) {
    board.add(listener);
    return () -> board.remove(listener);
  }

  /** Marks the jobs, so that whoever ends them tells. */
  @Override
  public Registration await(Set<JobId> ids) {
    List<JobId> copy = List.copyOf(ids);
    board.start();
    watch(copy, 1);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true) && board.isOpen()) {
        watch(copy, -1);
      }
    };
  }

  private void watch(List<JobId> ids, int by) {
    Pack out = new Pack().open().key("by").number(by).key("ids").list(ids.size());
    ids.forEach(out::id);
    server.run("watch", out.close());
  }
}
