package dev.noria.storage.postgres;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** As a pooler in transaction mode has it: whoever comes next finds nothing of a session. */
final class NoSessionDataSource implements DataSource, AutoCloseable {
  private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

  @Override
  public Connection getConnection() throws SQLException {
    Connection pooled = idle.poll();
    Connection backend = pooled == null ? TestServer.connectWithoutPreparing() : pooled;
    backend.setAutoCommit(true);
    return (Connection)
        Proxy.newProxyInstance(
            NoSessionDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                discard(backend);
                return null;
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void discard(Connection backend) throws SQLException {
    if (backend.isClosed()) {
      return;
    }
    backend.setAutoCommit(true);
    try (Statement statement = backend.createStatement()) {
      statement.execute("DISCARD ALL");
    }
    idle.add(backend);
  }

  @Override
  public void close() throws SQLException {
    for (Connection backend = idle.poll(); backend != null; backend = idle.poll()) {
      backend.close();
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
