package dev.noria.tck.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends everything back and keeps what it got. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listening;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  EchoServer() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  private static void thread(Runnable action) {
    Thread thread = new Thread(action, "echo");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        thread(() -> echo(socket));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void echo(Socket socket) {
    byte[] buffer = new byte[4096];
    try (socket) {
      InputStream in = socket.getInputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        synchronized (heard) {
          heard.write(buffer, 0, length);
          heard.notifyAll();
        }
        socket.getOutputStream().write(buffer, 0, length);
      }
    } catch (IOException e) {
      // Cut, as the test wants it.
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Everything it got, as soon as it is {@code expected}; else what it got in ten seconds. */
  String heard(String expected) throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    synchronized (heard) {
      while (!text().equals(expected) && System.nanoTime() - end < 0) {
        heard.wait(100);
      }
      return text();
    }
  }

  private String text() {
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
