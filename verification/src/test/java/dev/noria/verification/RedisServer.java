package dev.noria.verification;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A Redis server on a folder and a port that stay the same, to be killed and started again. */
final class RedisServer implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final List<String> settings;
  private RedisProcess process;

  private RedisServer(Path folder, List<String> settings) {
    this.folder = folder;
    this.port = RedisProcess.freePort();
    this.settings = settings;
    this.process = RedisProcess.start(folder, port, settings);
  }

  /** The one that tests share which do not kill it; it ends with this JVM and leaves nothing. */
  private static final class Shared {
    static final RedisServer SERVER = start(folder());

    private static Path folder() {
      String name = "noria-redis-" + ProcessHandle.current().pid();
      Path folder = Path.of(System.getProperty("java.io.tmpdir"), name);
      RedisProcess.deleteAtExit(folder);
      return folder;
    }
  }

  /** The driver of the tests themselves. */
  private static final class Driver {
    static final RedisClient CLIENT = RedisClient.create();
  }

  /** The address of a storage in a server that all tests share, for the one test with this name. */
  static String shared(Path folder) {
    return Shared.SERVER.address(namespace(folder));
  }

  static String namespace(Path folder) {
    String name = String.valueOf(folder.getFileName()).toLowerCase(Locale.ROOT);
    return name.replaceAll("[^a-z0-9]", "_");
  }

  /** One that keeps an append-only file in {@code folder}, forced to the disk every second. */
  static RedisServer start(Path folder, String... settings) {
    List<String> all = new ArrayList<>(List.of("--save", "", "--appendonly", "yes"));
    all.addAll(List.of(settings));
    return new RedisServer(folder.resolve("redis"), all);
  }

  /** Where it listens, on 127.0.0.1. */
  int port() {
    return port;
  }

  /** Where its append-only file is. */
  Path folder() {
    return folder;
  }

  /** The address of a storage in it. */
  String address(String namespace) {
    return address(port, namespace);
  }

  /** The address of a storage in a server that is reached through another port. */
  static String address(int port, String namespace) {
    return "redis://127.0.0.1:" + port + "?namespace=" + namespace;
  }

  /** Asks it something, on a connection of its own. */
  <T> T ask(Function<RedisCommands<String, String>, T> question) {
    return ask(port, question);
  }

  static <T> T ask(int port, Function<RedisCommands<String, String>, T> question) {
    RedisURI uri = RedisURI.create("127.0.0.1", port);
    try (StatefulRedisConnection<String, String> connection = Driver.CLIENT.connect(uri)) {
      return question.apply(connection.sync());
    }
  }

  /** Sends SIGKILL to the server and waits until it is gone. */
  void kill() throws IOException, InterruptedException {
    process.kill();
  }

  /** Starts it again after a kill; returns when it takes commands. */
  void restart() {
    process = RedisProcess.start(folder, port, settings);
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
