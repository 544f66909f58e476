package dev.noria.storage.sqlite;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** A small hot row that is changed in memory and written before the commit. */
abstract sealed class Row permits QueueRow, GroupRow {
  private boolean touched;
  private Collection<Row> changes = List.of();

  /** Where the row shall say that it was changed. */
  final void reportTo(Collection<Row> changed) {
    changes = changed;
  }

  /** Notes that the row must be written. */
  final void touch() {
    if (!touched) {
      touched = true;
      changes.add(this);
    }
  }

  /** Writes the row if it was changed since it was written last. */
  final void saveIfTouched(Session session) throws SQLException {
    if (touched) {
      save(session);
    }
  }

  /** Writes the row. */
  final void save(Session session) throws SQLException {
    touched = false;
    write(session);
  }

  abstract void write(Session session) throws SQLException;
}
