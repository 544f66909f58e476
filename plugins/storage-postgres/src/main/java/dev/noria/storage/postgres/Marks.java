package dev.noria.storage.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the living rows of lines begin, so that a fetch does not walk over the dead ones before
 * them: while somebody's snapshot holds back vacuum, those are all jobs that were ever leased.
 *
 * <p>Places grow, so a line has nothing before the first ready job that is seen, once all
 * transactions have ended that took their places before a job behind it was leased. Two looks tell
 * that: the first notes who may still be open, the second finds that they are not. Jobs that come
 * back to an old place are announced by a row of their own. LIFO jobs come before all others and
 * have no mark. What is known stays true, whatever becomes of a call; now and then a look starts at
 * the beginning all the same, for a server may have been restored. Thread-safe.
 */
final class Marks {
  private static final int ENOUGH = 256;
  private static final long CHECKED_MILLIS = 60_000;
  private static final int FIRST_RANK = Short.MIN_VALUE;
  private static final int LAST_RANK = Short.MAX_VALUE;
  private static final long NONE = Long.MIN_VALUE;

  private final Server server;
  private final int seconds;
  private final NavigableMap<Line, Mark> marks = new TreeMap<>();
  private int leased;
  private long since = -1;
  private long checkedAt = -CHECKED_MILLIS - 1;
  private boolean looking;

  /** The jobs of one priority. */
  private record Line(int queue, int rank) implements Comparable<Line> {
    @Override
    public int compareTo(Line other) {
      int byQueue = Integer.compare(queue, other.queue);
      return byQueue != 0 ? byQueue : Integer.compare(rank, other.rank);
    }
  }

  private static final class Mark {
    /** No ready job is before it. */
    long low = NONE;

    /** The last place of a job that was leased. */
    long highest = NONE;

    /** The same at the look that noted who was open, and at the one that is under way. */
    long noted = NONE;

    long next = NONE;

    void apply(long first, boolean settled) {
      if (settled) {
        low = Math.max(low, Math.min(first, noted));
      }
      low = Math.min(low, first);
    }
  }

  /** What a look found of one line; {@code place} is -1 for nothing. */
  private record Found(long mark, boolean settled, Line line, long place) {
    static Found read(ResultSet row) throws SQLException {
      Line line = new Line(row.getInt(3), row.getInt(4));
      return new Found(row.getLong(1), row.getBoolean(2), line, Stmt.number(row, 5));
    }
  }

  Marks(Server server) {
    this.server = server;
    this.seconds = (int) server.options().timeout().toSeconds();
  }

  /** The parts of the lines of these queues in which ready jobs may be. */
  synchronized Parts of(int... queues) {
    Parts parts = new Parts();
    for (int queue : queues) {
      int rank = FIRST_RANK;
      long place = NONE;
      Line first = new Line(queue, FIRST_RANK);
      Line last = new Line(queue, LAST_RANK);
      for (var entry : marks.subMap(first, true, last, true).entrySet()) {
        if (entry.getValue().low > NONE) {
          parts.add(queue, rank, place, entry.getKey().rank() - 1);
          rank = entry.getKey().rank();
          place = entry.getValue().low;
        }
      }
      parts.add(queue, rank, place, LAST_RANK);
    }
    return parts;
  }

  /** A job of a line without group was leased. */
  synchronized void leased(int queue, int rank, long place) {
    if (!JobRow.lifo(rank)) {
      Mark mark = marks.computeIfAbsent(new Line(queue, rank), any -> new Mark());
      mark.highest = Math.max(mark.highest, place);
      leased++;
    }
  }

  /** Looks where the lines begin when enough was leased since the last look. */
  void look(long now) {
    Look look = begin(now);
    if (look == null) {
      return;
    }
    List<Found> found = List.of();
    try {
      found = find(look);
    } catch (RuntimeException e) {
      server.log().debug("A look at the beginnings of lines failed", e);
    } finally {
      end(look, found, now);
    }
  }

  /** A look at these lines, from these places on. */
  private record Look(List<Line> lines, List<Long> lows, long since, boolean whole) {}

  private synchronized @Nullable Look begin(long now) {
    if (looking || leased < ENOUGH) {
      return null;
    }
    looking = true;
    leased = 0;
    boolean whole = Math.abs(now - checkedAt) > CHECKED_MILLIS;
    marks.values().forEach(mark -> mark.next = mark.highest);
    return new Look(
        List.copyOf(marks.keySet()),
        marks.values().stream().map(mark -> whole ? NONE : mark.low).toList(),
        since,
        whole);
  }

  private List<Found> find(Look look) {
    return server.alone(
        session ->
            session
                .sql("line.look")
                .within(seconds)
                .numbers(look.lines().stream().mapToInt(Line::queue).toArray())
                .numbers(look.lines().stream().mapToInt(Line::rank).toArray())
                .numbers(look.lows().stream().mapToLong(low -> low).toArray())
                .with(look.since())
                .all(Found::read));
  }

  private synchronized void end(Look look, List<Found> found, long now) {
    looking = false;
    if (found.isEmpty()) {
      return;
    }
    if (look.whole()) {
      checkedAt = now;
    }
    boolean settled = since >= 0 && found.get(0).settled();
    for (Found one : found) {
      Mark mark = marks.get(one.line());
      if (mark != null) {
        mark.apply(one.place() < 0 ? Long.MAX_VALUE : one.place(), settled);
      }
    }
    if (settled || since < 0) {
      since = found.get(0).mark();
      marks.values().forEach(mark -> mark.noted = mark.next);
    }
  }
}
