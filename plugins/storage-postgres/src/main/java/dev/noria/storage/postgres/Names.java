package dev.noria.storage.postgres;

import dev.noria.job.NewJob;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers under which queues are stored. A queue is never deleted, so what is once known stays
 * true; it is made in a transaction of its own, so that no caller's transaction holds it back.
 */
final class Names {
  private static final long SEEN_MILLIS = 3_600_000;

  private final Map<String, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, String> names = new ConcurrentHashMap<>();
  private final Map<Integer, Boolean> grouped = new ConcurrentHashMap<>();
  private final Map<Long, Worker> workers = new ConcurrentHashMap<>();
  private final Server server;

  /** A worker as its row was last written. */
  private record Worker(String name, long seen) {}

  private record Known(int id, boolean grouped) {}

  Names(Server server) {
    this.server = server;
  }

  /** The number of a queue, looked up on {@code session}; null when nobody has used it yet. */
  @Nullable Integer ifThere(Session session, String name) throws SQLException {
    Integer id = ids.get(name);
    if (id != null) {
      return id;
    }
    Known known = find(session, name);
    return known == null ? null : keep(known, name);
  }

  private static @Nullable Known find(Session session, String name) throws SQLException {
    return session
        .sql("queue.id")
        .with(name)
        .first(row -> new Known(row.getInt(1), row.getBoolean(2)))
        .orElse(null);
  }

  private Integer keep(Known known, String name) {
    ids.put(name, known.id());
    names.put(known.id(), name);
    if (known.grouped()) {
      grouped.put(known.id(), true);
    }
    return known.id();
  }

  /**
   * Makes the queues of new jobs known. To be called before a transaction begins: who holds a
   * connection must not ask the pool for another.
   */
  void prepare(Collection<NewJob> jobs) {
    for (NewJob job : jobs) {
      int queue = id(job.queue());
      if (job.group() != null) {
        group(queue);
      }
    }
  }

  /** The number of a queue, made when nobody has used it before. */
  int id(String name) {
    Integer id = ids.get(name);
    // Kept after the commit only: a number that was rolled back would be nobody's queue.
    return id != null ? id : keep(server.apart(session -> make(session, name)), name);
  }

  /** The same inside a transaction, which is asked first. */
  int id(Session session, String name) throws SQLException {
    Integer id = ifThere(session, name);
    return id != null ? id : id(name);
  }

  private static Known make(Session session, String name) throws SQLException {
    session.sql("queue.make").with(name).run();
    Known known = find(session, name);
    if (known == null) {
      throw new SQLException("A queue vanished within its transaction");
    }
    return known;
  }

  /** The name of a queue. */
  String name(Session session, int id) throws SQLException {
    String name = names.get(id);
    if (name == null) {
      name = session.sql("queue.name").with(id).first(row -> row.getString(1)).orElseThrow();
      names.put(id, name);
      ids.put(name, id);
    }
    return name;
  }

  /** The name of a queue, looked up in a transaction of its own where it is not known yet. */
  String name(int id) {
    String name = names.get(id);
    return name != null ? name : server.apart(session -> name(session, id));
  }

  /** From now on the queue is dequeued by its ring of groups. */
  void group(int queue) {
    if (!grouped.containsKey(queue)) {
      server.apart(session -> session.sql("queue.group").with(queue).run());
      grouped.put(queue, true);
    }
  }

  /**
   * Notes the name of a worker before it leases for the first time, and again now and then, because
   * maintenance forgets those that were not seen for a day.
   */
  void worker(long nonce, String name, long now) {
    Worker known = workers.get(nonce);
    if (known == null || !name.equals(known.name()) || now - known.seen() > SEEN_MILLIS) {
      server.apart(session -> session.sql("worker.put").with(nonce).with(name).with(now).run());
      workers.put(nonce, new Worker(name, now));
    }
  }
}
