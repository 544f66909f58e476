package dev.noria.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** A connection on which statements run. */
record Session(Connection connection, Sql texts, Names names) {
  Stmt sql(String name) throws SQLException {
    return new Stmt(connection, texts.text(name));
  }
}
