package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.JobContext;
import dev.noria.job.JobType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;

/** Enqueue and ack as part of your own transaction: your data and the job, both or neither. */
public final class Transactions {
  static final JobType<String> SHIP = JobType.of("ship", String.class);

  private static final CountDownLatch SHIPPED = new CountDownLatch(1);

  public static void main(String... args) throws Exception {
    Path file = Files.createTempDirectory("noria").resolve("shop.db");
    try (JobQueue queue = JobQueue.open("sqlite:" + file)) {
      // Opens the storage, too: not while one of your transactions holds the file's write lock.
      queue.handle(SHIP, (item, job) -> ship(file, item, job)).start();
      try (Connection shop = connect(file)) {
        execute(shop, "create table orders (item text, shipped int)");
        shop.commit();

        execute(shop, "insert into orders values ('tea', 0)");
        queue.within(shop).enqueue(SHIP, "tea");
        shop.rollback(); // neither order nor job

        execute(shop, "insert into orders values ('coffee', 0)");
        queue.within(shop).enqueue(SHIP, "coffee");
        shop.commit(); // both
      }
      SHIPPED.await();
      try (Connection shop = connect(file);
          Statement statement = shop.createStatement();
          ResultSet row = statement.executeQuery("select item, shipped from orders")) {
        System.out.println(row.getString(1) + ", shipped " + row.getInt(2) + " time");
      }
    }
  }

  /** The effect and the ack happen once: a crash before the commit leaves both undone. */
  private static void ship(Path file, String item, JobContext job) throws SQLException {
    try (Connection shop = connect(file)) {
      execute(shop, "update orders set shipped = shipped + 1 where item = '" + item + "'");
      job.ackWithin(shop);
      shop.commit();
    }
    SHIPPED.countDown();
  }

  private static Connection connect(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    connection.setAutoCommit(false);
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Transactions() {}
}
