package dev.noria.storage.sqlite;

import java.sql.SQLException;
import java.util.List;

/**
 * Jobs that change their state together.
 *
 * @param all how many
 * @param passed how many of them a recount under way has passed, and so counts along
 */
record Moves(int all, int passed) {
  static final Moves NONE = new Moves(0, 0);

  static Moves one(Tx tx, long seq) throws SQLException {
    return new Moves(1, seq <= Recount.position(tx) ? 1 : 0);
  }

  static Moves of(Tx tx, List<Long> seqs) throws SQLException {
    long position = Recount.position(tx);
    int passed = 0;
    for (long seq : seqs) {
      passed += seq <= position ? 1 : 0;
    }
    return new Moves(seqs.size(), passed);
  }

  /** New jobs: they are behind what a recount has passed, unless it has passed everything. */
  static Moves fresh(Tx tx, int all) throws SQLException {
    return new Moves(all, Recount.position(tx) == Recount.ALL ? all : 0);
  }

  Moves plus(Moves other) {
    return new Moves(all + other.all, passed + other.passed);
  }
}
