package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.JobType;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;

/** PostgreSQL: an order and the job that confirms it, in one transaction: both or neither. */
public final class OrderConfirmation {
  record Confirmation(int order, String customer) {}

  static final JobType<Confirmation> CONFIRM = JobType.of("order.confirm", Confirmation.class);

  private static final CountDownLatch CONFIRMED = new CountDownLatch(1);

  public static void main(String... args) throws Exception {
    if (args.length > 0) { // such as localhost:5432/shop?user=app
      run(args[0]);
    } else {
      try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
        run("localhost:" + server.getPort() + "/postgres?user=postgres");
      }
    }
  }

  private static void run(String address) throws Exception {
    try (JobQueue queue = JobQueue.open("postgresql://" + address);
        Connection shop = DriverManager.getConnection("jdbc:postgresql://" + address)) {
      queue.handle(CONFIRM, (confirmation, job) -> send(confirmation)).start();
      shop.setAutoCommit(false);
      try (Statement statement = shop.createStatement()) {
        statement.execute("create table if not exists orders (id int, customer text)");
      }
      shop.commit();

      order(shop, queue, new Confirmation(1, "tea@example.org"));
      shop.rollback(); // neither order nor confirmation

      order(shop, queue, new Confirmation(2, "coffee@example.org"));
      shop.commit(); // both; this wakes the worker
      CONFIRMED.await();
    }
  }

  private static void order(Connection shop, JobQueue queue, Confirmation confirmation)
      throws SQLException {
    try (PreparedStatement insert = shop.prepareStatement("insert into orders values (?, ?)")) {
      insert.setInt(1, confirmation.order());
      insert.setString(2, confirmation.customer());
      insert.executeUpdate();
    }
    queue.within(shop).enqueue(CONFIRM, confirmation);
  }

  private static void send(Confirmation confirmation) {
    System.out.println(
        "Order " + confirmation.order() + " confirmed to " + confirmation.customer());
    CONFIRMED.countDown();
  }

  private OrderConfirmation() {}
}
