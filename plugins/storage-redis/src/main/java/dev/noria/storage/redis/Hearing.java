package dev.noria.storage.redis;

import dev.noria.job.JobId;
import dev.noria.storage.Signals;
import dev.noria.storage.StorageException;
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

  /**
   * Marks the jobs, so that whoever ends them tells. Only a hint comes of it: where it can not be
   * heard, or the mark not be taken away again, nothing fails.
   */
  @Override
  public Registration await(Set<JobId> ids) {
    List<JobId> copy = List.copyOf(ids);
    try {
      board.start();
    } catch (StorageException e) {
      server.log().debug("Nobody hears when the awaited jobs end; they are looked for", e);
      return () -> {};
    }
    server.run("watch", marks(copy, 1));
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true) && board.isOpen()) {
        server.send("watch", marks(copy, -1));
      }
    };
  }

  private static Pack marks(List<JobId> ids, int by) {
    Pack out = new Pack().open().key("by").number(by).key("ids").list(ids.size());
    ids.forEach(out::id);
    return out.close();
  }
}
