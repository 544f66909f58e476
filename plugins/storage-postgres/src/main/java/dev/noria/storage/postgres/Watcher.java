package dev.noria.storage.postgres;

import dev.noria.job.JobId;
import dev.noria.rows.Codes;
import dev.noria.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens on a connection of its own for what other processes tell. A connection that fell silent
 * is found by a message to itself that does not come back, and replaced; meanwhile the kernel's
 * safety poll finds the work.
 */
final class Watcher implements AutoCloseable {
  private static final int LISTEN_MILLIS = 1_000;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Server server;
  private final Board board;
  private final Naps naps;
  private final long pingNanos;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch listening = new CountDownLatch(1);
  private @Nullable Thread thread;
  private volatile @Nullable Connection connection;
  private long sent;
  private long heard;

  Watcher(Server server, Board board, Naps naps, Duration ping) {
    this.server = server;
    this.board = board;
    this.naps = naps;
    this.pingNanos = ping.toNanos();
  }

  /** Begins to listen, and returns when it does, or soon if the server does not answer. */
  void start() {
    if (!server.options().signals()) {
      return;
    }
    synchronized (this) {
      if (thread == null) {
        Thread fresh = new Thread(this::run, "noria-postgres-listen");
        fresh.setDaemon(true);
        thread = fresh;
        fresh.start();
      }
    }
    awaitListening();
  }

  /** Whether messages come in; who switched them off does not miss them. */
  boolean hears() {
    return !server.options().signals() || connection != null;
  }

  private void awaitListening() {
    try {
      boolean soon = listening.await(5, TimeUnit.SECONDS);
      if (!soon) {
        server.log().debug("Not listening yet at {}", server.location());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    while (closing.getCount() > 0) {
      try (Connection own = server.dedicated()) {
        connection = own;
        own.setAutoCommit(true);
        listen(own);
        pause = FIRST_PAUSE_MILLIS;
        try {
          hear(own);
        } finally {
          // It may go back to a pool, where nobody else should be told what we wanted to hear.
          own.abort(Runnable::run);
        }
      } catch (SQLException | RuntimeException e) {
        if (closing.getCount() > 0) {
          server.log().debug("Listening at {} ended; trying again", server.location(), e);
        }
      }
      connection = null;
      if (isClosedWithin(pause)) {
        return;
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  private boolean isClosedWithin(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void listen(Connection own) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(server.sql().text("session.listen"));
    }
    sent = 0;
    heard = 0;
    listening.countDown();
    naps.wakeAll();
  }

  private void hear(Connection own) throws SQLException {
    PGConnection driver = own.unwrap(PGConnection.class);
    long pingAt = System.nanoTime() + pingNanos;
    while (closing.getCount() > 0) {
      PGNotification @Nullable [] messages = driver.getNotifications(LISTEN_MILLIS);
      if (messages != null) {
        for (PGNotification message : messages) {
          heard(message.getParameter());
        }
      }
      if (System.nanoTime() - pingAt >= 0) {
        if (heard < sent) {
          server
              .log()
              .warn(
                  "The connection that listens at {} hears nothing. It is replaced; behind a pooler,"
                      + " let it reach the server itself, or switch it off with signals=false.",
                  server.location());
          return;
        }
        ping();
        pingAt = System.nanoTime() + pingNanos;
      }
    }
  }

  private void ping() {
    sent++;
    String message = "p," + sent + "," + server.instance();
    server.apart(
        session -> {
          session.sql("session.notify").with(message).execute();
          return sent;
        });
  }

  private void heard(String message) {
    String[] parts = message.split(",", -1);
    try {
      switch (parts[0]) {
        case "w" -> work(Integer.parseInt(parts[1]), Long.parseLong(parts[2]), parts[3]);
        case "f" -> finished(parts);
        case "c" -> {
          if (!isOwn(parts[2])) {
            board.happened(new News.Cancel(JobId.parse(parts[1])));
          }
        }
        case "p" -> {
          if (isOwn(parts[2])) {
            heard = Long.parseLong(parts[1]);
          }
        }
        default -> server.log().debug("An unknown signal was heard: {}", parts[0]);
      }
    } catch (RuntimeException e) {
      server.log().debug("A signal could not be read: {}", message, e);
    }
  }

  private boolean isOwn(String instance) {
    return instance.equals(server.instance());
  }

  /** Somebody woke one of our sleepers, or a caller's transaction tells everybody. */
  private void work(int queue, long due, String whose) {
    if (isOwn(whose) || (whose.isEmpty() && woke(queue, due))) {
      board.happened(new News.Work(queue, due));
    }
  }

  /** Whether somebody of ours sleeps on the queue; taken for granted when that is not known. */
  private boolean woke(int queue, long due) {
    try {
      return server.apart(
              session ->
                  session.sql("sleeper.own").with(queue).with(server.instance()).with(due).run())
          > 0;
    } catch (StorageException e) {
      server.log().debug("Sleepers are woken without a look at them", e);
      return true;
    }
  }

  private void finished(String[] parts) {
    if (!isOwn(parts[4])) {
      board.happened(
          new News.Finished(
              JobId.parse(parts[1]),
              Codes.state(Integer.parseInt(parts[2])),
              parts[3].equals("1")));
    }
  }

  /** Cuts the connection as a network would; for tests. */
  @Nullable Connection connection() {
    return connection;
  }

  @Override
  public void close() {
    closing.countDown();
    Connection own = connection;
    if (own != null) {
      try {
        own.abort(Runnable::run);
      } catch (SQLException e) {
        server.log().debug("The connection that listens did not close", e);
      }
    }
  }
}
