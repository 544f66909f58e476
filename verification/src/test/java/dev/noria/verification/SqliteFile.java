package dev.noria.verification;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What SQLite itself finds wrong in its file. */
final class SqliteFile {
  private static final String SCHEME = "sqlite://";

  private SqliteFile() {}

  /** Nothing for storages of another kind. */
  static List<String> faults(String address) {
    return address.startsWith(SCHEME) ? check(address.substring(SCHEME.length())) : List.of();
  }

  private static List<String> check(String file) {
    List<String> faults = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      while (rows.next()) {
        faults.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The file cannot be checked.", e);
    }
    boolean sound = faults.remove("ok");
    return sound ? faults : List.of("integrity_check: " + faults);
  }
}
