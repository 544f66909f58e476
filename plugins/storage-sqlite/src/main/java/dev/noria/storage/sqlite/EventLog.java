package dev.noria.storage.sqlite;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.rows.Codes;
import dev.noria.storage.Events;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stream of state changes: rows of their own, written in the unit of the change. */
final class EventLog implements Events {
  static final long KEPT = 10_000;
  private static final String MODE = "events";

  private final Writer writer;
  private final Reader reader;

  EventLog(Writer writer, Reader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  /** Whether a change to {@code to} is recorded in the present mode. */
  static boolean records(Tx tx, @Nullable JobState to) throws SQLException {
    return switch (Codes.MODES.get((int) tx.mirror().meta(MODE))) {
      case OFF -> false;
      case TERMINAL -> to != null && to.isFinished();
      case ALL -> true;
    };
  }

  static void add(
      Tx tx,
      JobId id,
      String queue,
      String type,
      @Nullable JobState from,
      @Nullable JobState to,
      long at)
      throws SQLException {
    tx.sql("event.add")
        .with(id.toBytes())
        .with(queue)
        .with(type)
        .with(from == null ? -1 : Codes.of(from))
        .with(to == null ? -1 : Codes.of(to))
        .with(at)
        .run();
  }

  /** Drops what is older than the events that are kept. */
  static void trim(Tx tx) throws SQLException {
    long last = tx.sql("event.last").number(0);
    tx.sql("event.trim").with(last - 2 * KEPT).run();
  }

  @Override
  public Mode mode() {
    long mode = reader.read(session -> session.sql("meta.value").with(MODE).number(0));
    return Codes.MODES.get((int) mode);
  }

  @Override
  public void mode(Mode mode) {
    writer.call(
        tx -> {
          tx.mirror().meta(MODE, Codes.MODES.indexOf(mode));
          return mode;
        });
  }

  @Override
  public EventPage read(@Nullable String cursor, int limit) {
    return reader.read(
        session -> {
          long first = session.sql("event.first").number(0);
          long after = cursor == null ? first - 1 : Cursors.number(cursor);
          List<Event> events =
              session.sql("event.read").with(after).with(limit).all(EventLog::event);
          long next = events.isEmpty() ? after : events.get(events.size() - 1).sequence();
          return new EventPage(events, Long.toString(Math.max(0, next)), gap(cursor, after, first));
        });
  }

  private static boolean gap(@Nullable String cursor, long after, long first) {
    return cursor != null && first > 0 && after + 1 < first;
  }

  private static Event event(ResultSet row) throws SQLException {
    return new Event(
        row.getLong(1),
        JobId.fromBytes(row.getBytes(2)),
        row.getString(3),
        row.getString(4),
        state(row.getInt(5)),
        state(row.getInt(6)),
        Instant.ofEpochMilli(row.getLong(7)));
  }

  private static @Nullable JobState state(int ordinal) {
    return ordinal < 0 ? null : Codes.state(ordinal);
  }

  @Override
  public String end() {
    return Long.toString(reader.read(session -> session.sql("event.last").number(0)));
  }
}
