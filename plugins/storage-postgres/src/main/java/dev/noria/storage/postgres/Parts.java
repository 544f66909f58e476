package dev.noria.storage.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The parts of lines in which ready jobs may be, in the order of the lines. Not thread-safe. */
final class Parts {
  private static final Comparator<Part> ORDER =
      Comparator.comparingInt(Part::queue)
          .thenComparingInt(Part::rank)
          .thenComparingLong(Part::place);

  private final List<Part> parts = new ArrayList<>();

  /** From a rank and place to another one, both included. */
  private record Part(int queue, int rank, long place, int last, long until) {
    boolean has(int otherRank, long otherPlace) {
      boolean behind = otherRank > rank || (otherRank == rank && otherPlace >= place);
      return behind && (otherRank < last || (otherRank == last && otherPlace <= until));
    }
  }

  void add(int queue, int rank, long place, int last) {
    parts.add(new Part(queue, rank, place, last, Long.MAX_VALUE));
  }

  /** A single place, unless it is in a part already. */
  void addPoint(int queue, int rank, long place) {
    if (parts.stream().noneMatch(part -> part.queue() == queue && part.has(rank, place))) {
      parts.add(new Part(queue, rank, place, rank, place));
      parts.sort(ORDER);
    }
  }

  int size() {
    return parts.size();
  }

  /** Binds queues, ranks, places and last ranks. */
  Stmt bind(Stmt statement) throws SQLException {
    return statement
        .numbers(parts.stream().mapToInt(Part::queue).toArray())
        .numbers(ranks())
        .numbers(places())
        .numbers(lasts());
  }

  /** Binds ranks, places, last ranks and last places: of one queue. */
  Stmt bindOfOne(Stmt statement) throws SQLException {
    return statement
        .numbers(ranks())
        .numbers(places())
        .numbers(lasts())
        .numbers(parts.stream().mapToLong(Part::until).toArray());
  }

  private int[] ranks() {
    return parts.stream().mapToInt(Part::rank).toArray();
  }

  private long[] places() {
    return parts.stream().mapToLong(Part::place).toArray();
  }

  private int[] lasts() {
    return parts.stream().mapToInt(Part::last).toArray();
  }
}
