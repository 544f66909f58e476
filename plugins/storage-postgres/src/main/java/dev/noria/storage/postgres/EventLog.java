package dev.noria.storage.postgres;

import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.rows.Codes;
import dev.noria.storage.Events;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream of state changes. A change is a row without number, written in the unit of the change;
 * whoever reads first numbers what has been committed since. So numbers follow the order of commits
 * although writers never wait for each other.
 */
final class EventLog implements Events {
  static final String MODE = "events";
  private static final String LAST = "event";
  private static final long KEPT = 10_000;

  private final Server server;

  EventLog(Server server) {
    this.server = server;
  }

  /** Whether a change to {@code to} is recorded in the present mode. */
  static boolean records(Tx tx, @Nullable JobState to) throws SQLException {
    return switch (Codes.MODES.get(tx.events())) {
      case OFF -> false;
      case TERMINAL -> to != null && to.isFinished();
      case ALL -> true;
    };
  }

  static void add(Tx tx, JobRow row, @Nullable JobState from, @Nullable JobState to, long at)
      throws SQLException {
    String queue = tx.names().name(tx.session(), row.queue);
    add(tx, new Event(0, row.id, queue, row.type, from, to, Instant.ofEpochMilli(at)));
  }

  /** A job came. */
  static void add(Tx tx, NewJob job, JobState to, long at) throws SQLException {
    add(tx, new Event(0, job.id(), job.queue(), job.type(), null, to, Instant.ofEpochMilli(at)));
  }

  private static void add(Tx tx, Event event) throws SQLException {
    tx.sql("change.add")
        .with(event.id())
        .with(event.queue())
        .with(event.type())
        .with(event.from() == null ? -1 : Codes.of(event.from()))
        .with(event.to() == null ? -1 : Codes.of(event.to()))
        .with(event.at().toEpochMilli())
        .run();
  }

  /** Numbers what is new; says the last number. */
  static long number(Session session) throws SQLException {
    long last = session.sql("meta.lock").with(LAST).number(0);
    int more = session.sql("event.number").with(last).run();
    if (more > 0) {
      session.sql("meta.put").with(LAST).with(last + more).run();
    }
    return last + more;
  }

  /** Drops what is older than the events that are kept. */
  static void trim(Session session) throws SQLException {
    long last = number(session);
    session.sql("event.trim").with(last - 2 * KEPT).run();
  }

  @Override
  public Mode mode() {
    return server.apart(
        session -> Codes.MODES.get((int) session.sql("meta.value").with(MODE).number(0)));
  }

  @Override
  public void mode(Mode mode) {
    server.apart(
        session -> session.sql("meta.put").with(MODE).with(Codes.MODES.indexOf(mode)).run());
  }

  @Override
  public EventPage read(@Nullable String cursor, int limit) {
    return server.apart(
        session -> {
          number(session);
          long first = session.sql("event.first").number(0);
          long after = cursor == null ? first - 1 : Cursors.number(cursor);
          List<Event> events =
              session.sql("event.read").with(after).with(limit).all(EventLog::event);
          long next = events.isEmpty() ? after : events.get(events.size() - 1).sequence();
          boolean gap = cursor != null && first > 0 && after + 1 < first;
          return new EventPage(events, Long.toString(Math.max(0, next)), gap);
        });
  }

  private static Event event(ResultSet row) throws SQLException {
    return new Event(
        row.getLong(1),
        Stmt.id(row, 2),
        row.getString(3),
        row.getString(4),
        state(row.getInt(5)),
        state(row.getInt(6)),
        Instant.ofEpochMilli(row.getLong(7)));
  }

  private static @Nullable JobState state(int code) {
    return code < 0 ? null : Codes.state(code);
  }

  /** The cursor behind everything that is committed. */
  @Override
  public String end() {
    return Long.toString(server.apart(EventLog::number));
  }
}
