package dev.noria.verification;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program of Redis 7.0 that the tests bring along, running. It ends with this JVM. */
final class RedisProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Ends the server when its standard input ends, so also when this JVM is killed. */
  private static final String WATCHED =
      "\"$0\" \"$@\" & server=$!; cat > /dev/null; kill $server; wait $server";

  private final Process shell;
  private final int port;

  private RedisProcess(Process shell, int port) {
    this.shell = shell;
    this.port = port;
  }

  /** Where the program is, for as long as this JVM lives. */
  private static final class Program {
    static final Path PATH = extract();

    private static Path extract() {
      boolean arm = System.getProperty("os.arch").contains("aarch64");
      String name = "redis-server-7.0.15-linux-" + (arm ? "arm64" : "amd64");
      try (InputStream in = RedisProcess.class.getClassLoader().getResourceAsStream(name)) {
        Path file = Files.createTempDirectory("noria-redis-program").resolve("redis-server");
        Files.copy(in, file);
        if (!file.toFile().setExecutable(true)) {
          throw new IOException("Cannot make " + file + " executable.");
        }
        deleteAtExit(file.getParent());
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException("There is no server program.", e);
      }
    }
  }

  /** Deletes a folder when this JVM ends. */
  static void deleteAtExit(Path folder) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "noria-redis-cleaner"));
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = new ArrayList<>(files.toList());
      java.util.Collections.reverse(deepestFirst);
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + folder + " stays.", e);
    }
  }

  /** A port that nobody uses; the bus of a cluster is 10 000 above it. */
  static int freePort() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (socket.getLocalPort() < 55_000) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("There is no free port.", e);
      }
    }
  }

  /** Starts it in {@code folder}; returns when it answers on {@code port}. */
  static RedisProcess start(Path folder, int port, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", WATCHED, Program.PATH.toString()));
    command.addAll(arguments);
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    try {
      Process shell =
          new ProcessBuilder(command)
              .directory(Files.createDirectories(folder).toFile())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()))
              .start();
      RedisProcess server = new RedisProcess(shell, port);
      Wait.until(PATIENCE, "the server on port " + port + " answers", server::answers);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("The server on port " + port + " does not start.", e);
    }
  }

  private boolean answers() {
    if (!shell.isAlive()) {
      throw new AssertionError("The server on port " + port + " ended at once: see its log.");
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(1_000);
      OutputStream out = socket.getOutputStream();
      out.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  private List<ProcessHandle> servers() {
    String program = Program.PATH.toString();
    return shell
        .descendants()
        .filter(one -> one.info().command().filter(program::equals).isPresent())
        .toList();
  }

  /** Sends SIGKILL to the server and what it forked, and waits until none is left. */
  void kill() throws IOException, InterruptedException {
    List<ProcessHandle> all = servers();
    if (all.isEmpty()) {
      throw new AssertionError("The server on port " + port + " is gone already.");
    }
    all.forEach(ProcessHandle::destroyForcibly);
    Wait.until(PATIENCE, "it is gone", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    close();
  }

  /** Stops it in good order, if it still runs. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    try {
      if (!shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        servers().forEach(ProcessHandle::destroyForcibly);
        throw new AssertionError("The server on port " + port + " does not stop.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
