package dev.noria.storage.redis;

import dev.noria.storage.StorageUri;
import dev.noria.tck.Place;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server for all tests of a JVM: that of {@code NORIA_TEST_REDIS_URL} where it is set, else one
 * of its own on a free port of the loopback interface. Tests have namespaces of their own in it.
 */
final class TestServer {
  /** Ends the server when its standard input ends, so also when this JVM is killed. */
  private static final String WATCHED =
      "\"$0\" \"$@\" & server=$!; cat > /dev/null; kill $server; wait $server";

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static @Nullable TestServer seven;
  private static @Nullable TestServer six;
  private static @Nullable TestServer encrypted;
  private static @Nullable TestServer restricted;

  private final RedisOptions options;
  private final RedisClient client;
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final Map<Place, String> namespaces = new ConcurrentHashMap<>();

  private TestServer(RedisOptions options) {
    this.options = options;
    RedisOptions.Node node = options.address().nodes().get(0);
    RedisURI.Builder uri =
        RedisURI.builder()
            .withHost(node.host())
            .withPort(node.port())
            .withSsl(options.address().tls() != RedisOptions.Tls.OFF);
    String password = options.password();
    if (password != null) {
      uri.withPassword(password.toCharArray());
    }
    client = RedisClient.create(uri.build());
    connection = client.connect(ByteArrayCodec.INSTANCE);
  }

  /** The same server, used by somebody else. */
  private TestServer(TestServer other, RedisOptions options) {
    this.options = options;
    client = other.client;
    connection = other.connection;
  }

  /** Redis 7.0, or the server that the environment names. */
  static synchronized TestServer seven() {
    if (seven == null) {
      String given = System.getenv("NORIA_TEST_REDIS_URL");
      seven =
          new TestServer(
              given == null || given.isEmpty()
                  ? start("redis-server-7.0.15-linux-")
                  : OptionReader.read(parse(given)));
    }
    return seven;
  }

  /** Redis 6.2. */
  static synchronized TestServer six() {
    if (six == null) {
      six = new TestServer(start("redis-server-6.2."));
    }
    return six;
  }

  /** Redis 7.0, encrypted; its certificate is trusted by this JVM from now on. */
  static synchronized TestServer encrypted() {
    if (encrypted == null) {
      Certificates made = Certificates.trusted();
      RedisOptions plain =
          start(
              "redis-server-7.0.15-linux-",
              List.of(
                  "--tls-cert-file",
                  made.certificate().toString(),
                  "--tls-key-file",
                  made.key().toString(),
                  "--tls-auth-clients",
                  "no",
                  "--tls-port"));
      int port = plain.address().nodes().get(0).port();
      encrypted = new TestServer(OptionReader.read(parse("rediss://localhost:" + port)));
    }
    return encrypted;
  }

  /** Redis 7.0, used by somebody who may do what the README says, and nothing else. */
  static synchronized TestServer restricted() {
    if (restricted == null) {
      TestServer server = seven();
      CommandArgs<byte[], byte[]> rules = new CommandArgs<>(ByteArrayCodec.INSTANCE);
      List.of("SETUSER", "app", "on", ">secret", "~noria:*", "&noria:*").forEach(rules::add);
      List.of("-@all", "+@read", "+@write", "-@dangerous", "+@connection").forEach(rules::add);
      List.of("+eval", "+evalsha", "+subscribe", "+unsubscribe", "+publish").forEach(rules::add);
      List.of("+info", "+time", "+config|get", "+wait").forEach(rules::add);
      server
          .commands()
          .dispatch(CommandType.ACL, new StatusOutput<>(ByteArrayCodec.INSTANCE), rules);
      restricted = new TestServer(server, server.options.withUser("app", "secret"));
    }
    return restricted;
  }

  private static StorageUri parse(String address) {
    return StorageUri.parse(address);
  }

  private static RedisOptions start(String program) {
    return start(program, List.of("--port"));
  }

  /** The last of the settings gets the number of the port. */
  private static RedisOptions start(String program, List<String> settings) {
    try {
      Path folder = Files.createTempDirectory("noria-redis");
      Path binary = extract(folder, program);
      int port = freePort();
      List<String> command = new ArrayList<>(List.of("sh", "-c", WATCHED, binary.toString()));
      command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"));
      command.addAll(List.of("--appendfsync", "everysec", "--dir", folder.toString()));
      command.addAll(List.of("--port", "0"));
      command.addAll(settings);
      command.add(Integer.toString(port));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, folder)));
      awaitReady(process);
      return RedisOptions.defaults().withServer("127.0.0.1", port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path extract(Path folder, String program) throws IOException {
    boolean arm = System.getProperty("os.arch").toLowerCase(Locale.ROOT).contains("aarch64");
    List<String> names =
        arm
            ? List.of(program + "arm64", program + "7-linux-arm64")
            : List.of(program + "amd64", program + "6-v5-linux-amd64");
    for (String name : names) {
      try (@Nullable InputStream in = TestServer.class.getClassLoader().getResourceAsStream(name)) {
        if (in != null) {
          Path binary = folder.resolve("redis-server");
          Files.copy(in, binary);
          if (!binary.toFile().setExecutable(true)) {
            throw new IOException("Can not make " + binary + " executable.");
          }
          return binary;
        }
      }
    }
    throw new IOException("No server program " + names + " for this machine.");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(Process process) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      if (line.contains("eady to accept connections")) {
        Thread drain = new Thread(() -> lines.lines().forEach(rest -> {}), "redis-output");
        drain.setDaemon(true);
        drain.start();
        return;
      }
    }
    throw new IOException("The server did not start:\n" + said);
  }

  private static void stop(Process process, Path folder) {
    try {
      process.getOutputStream().close();
      process.waitFor();
      try (var files = Files.walk(folder)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Options of a place: a namespace of its own. */
  RedisOptions options(Place place) {
    return options.withNamespace(
        namespaces.computeIfAbsent(
            place,
            any ->
                "tck_"
                    + Long.toString(ProcessHandle.current().pid(), 36)
                    + "_"
                    + NUMBERS.incrementAndGet()));
  }

  RedisOptions options() {
    return options;
  }

  RedisCommands<byte[], byte[]> commands() {
    return connection.sync();
  }

  /** The key of a place with this name. */
  byte[] key(Place place, String name) {
    return Server.bytes("noria:{" + options(place).namespace() + "}:" + name);
  }

  /** The namespaces of a place are forgotten, and their keys deleted. */
  void drop(Place place) {
    for (Place used : List.copyOf(namespaces.keySet())) {
      if (used.name().equals(place.name())) {
        wipe("noria:{" + namespaces.remove(used) + "}:*");
      }
    }
  }

  private void wipe(String pattern) {
    ScanArgs args = ScanArgs.Builder.matches(pattern).limit(1_000);
    KeyScanCursor<byte[]> cursor = commands().scan(args);
    while (true) {
      if (!cursor.getKeys().isEmpty()) {
        commands().unlink(cursor.getKeys().toArray(new byte[0][]));
      }
      if (cursor.isFinished()) {
        return;
      }
      cursor = commands().scan(cursor, args);
    }
  }
}
