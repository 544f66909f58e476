package dev.noria.tck.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection through the proxy, with a thread for each direction. Thread-safe. */
final class Link {
  /** Every byte is passed on. */
  static final int ALL = -1;

  private final TcpProxy proxy;
  private final Socket client;
  private final Socket server;
  private final Map<Direction, String> tails = new EnumMap<>(Direction.class);
  private final AtomicBoolean ended = new AtomicBoolean();

  Link(TcpProxy proxy, Socket client, Socket server) {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
  }

  void start(String name) {
    thread(name + "-requests", () -> pump(Direction.REQUESTS, client, server));
    thread(name + "-replies", () -> pump(Direction.REPLIES, server, client));
  }

  private static void thread(String name, Runnable action) {
    Thread thread = new Thread(action, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void pump(Direction direction, Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        proxy.hold();
        int allowed = proxy.look(this, direction, buffer, length);
        out.write(buffer, 0, allowed == ALL ? length : allowed);
        if (allowed != ALL) {
          proxy.cut(this);
          return;
        }
        remember(direction, buffer, length);
      }
      to.shutdownOutput();
      if (from.isOutputShutdown()) {
        end(false);
      }
    } catch (IOException e) {
      end(true);
    }
  }

  private void remember(Direction direction, byte[] bytes, int length) {
    String text = tail(direction) + new String(bytes, 0, length, ISO_8859_1);
    String tail = text.substring(Math.max(0, text.length() - Cut.LONGEST));
    synchronized (tails) {
      tails.put(direction, tail);
    }
  }

  /** The last bytes that were passed on. */
  String tail(Direction direction) {
    synchronized (tails) {
      return tails.getOrDefault(direction, "");
    }
  }

  /**
   * Ends both sides, by a reset or in good order.
   *
   * @return whether it was not over yet
   */
  boolean end(boolean reset) {
    return end(reset, () -> {});
  }

  /** The same; {@code before} is done before anybody can see it, and only if it was not over. */
  boolean end(boolean reset, Runnable before) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    before.run();
    close(client, reset);
    close(server, reset);
    proxy.ended(this);
    return true;
  }

  static void close(Socket socket, boolean reset) {
    try (socket) {
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
