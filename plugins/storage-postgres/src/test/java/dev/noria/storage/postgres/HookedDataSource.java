package dev.noria.storage.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** Its connections do something else just before a statement is prepared for the second time. */
final class HookedDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1;

  private final AtomicInteger times = new AtomicInteger();
  private volatile String part = "\0";
  private transient volatile Runnable action = () -> {};

  void beforeSecond(String partOfStatement, Runnable other) {
    action = other;
    part = partOfStatement;
  }

  boolean fired() {
    return times.get() >= 2;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection real = TestServer.connect();
    return (Connection)
        Proxy.newProxyInstance(
            HookedDataSource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && arguments[0].toString().contains(part)
                  && times.incrementAndGet() == 2) {
                action.run();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
