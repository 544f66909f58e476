package dev.noria.tck.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A JVM of its own, with the class path of this one, to be killed at will. At most {@link #MOST}
 * live at once. None outlives its parent: {@link #close} kills it, a shutdown hook kills what is
 * left, and where the parent itself is killed the child sees its standard input end, if its main
 * method starts with {@link #dieWithParent()}. Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {
  /** How many live at once; {@link #start} waits for a place. */
  public static final int MOST = 6;

  private static final Duration PLACE_TIMEOUT = Duration.ofMinutes(2);
  private static final Semaphore PLACES = new Semaphore(MOST);
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  /** A small heap and a quick start: tests start hundreds of them on few cores. */
  private static final List<String> FLAGS =
      List.of(
          "-Xmx192m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          // As the command line's jar says it: else newer JDKs warn on stderr about native drivers.
          "--enable-native-access=ALL-UNNAMED");

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> ALIVE.forEach(Process::destroyForcibly), "noria-child-jvm-killer"));
  }

  private final Process process;
  private final CompletableFuture<Process> gone;
  private final Tail errors = new Tail();
  private final CountDownLatch read = new CountDownLatch(2);

  private ChildJvm(Process process) {
    this.process = process;
    this.gone = process.onExit().whenComplete((ended, error) -> givePlaceBack(process));
  }

  /** Starts {@code main} and hands each line of its standard output to {@code onLine}. */
  public static ChildJvm start(Class<?> main, List<String> arguments, Consumer<String> onLine)
      throws InterruptedException {
    return start(main, arguments, List.of(), onLine);
  }

  /**
   * Starts {@code main} with more flags for its JVM.
   *
   * @param onLine called on a thread of its own; what it throws ends the hearing, not the child
   */
  public static ChildJvm start(
      Class<?> main, List<String> arguments, List<String> flags, Consumer<String> onLine)
      throws InterruptedException {
    if (!PLACES.tryAcquire(PLACE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(
          MOST + " child JVMs live already, and none ended within " + PLACE_TIMEOUT + ".");
    }
    Process process;
    try {
      process = launch(command(main, arguments, flags));
    } catch (RuntimeException e) {
      PLACES.release();
      throw e;
    }
    ALIVE.add(process);
    ChildJvm child = new ChildJvm(process);
    child.read(process.getInputStream(), onLine, "out");
    child.read(process.getErrorStream(), child.errors::add, "err");
    return child;
  }

  private static Process launch(List<String> command) {
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new IllegalStateException("Cannot start " + command.get(0) + ".", e);
    }
  }

  private static void givePlaceBack(Process process) {
    ALIVE.remove(process);
    PLACES.release();
  }

  private static List<String> command(Class<?> main, List<String> arguments, List<String> flags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(flags);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  private void read(InputStream stream, Consumer<String> onLine, String name) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                hear(lines, onLine);
              } catch (IOException e) {
                errors.add("reading " + name + " ended: " + e.getMessage());
              } finally {
                read.countDown();
              }
            },
            "noria-child-" + process.pid() + "-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Goes on reading when nobody listens any more, so that the child does not block. */
  private void hear(BufferedReader lines, Consumer<String> onLine) throws IOException {
    boolean heard = true;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (heard) {
        try {
          onLine.accept(line);
        } catch (RuntimeException e) {
          heard = false;
          errors.add("the listener threw " + e);
        }
      }
    }
  }

  /** Sends SIGKILL and waits until it is dead; what it wrote before has been heard then. */
  public void kill() throws InterruptedException {
    killAtOnce();
    await(Duration.ofSeconds(30));
  }

  /** Not through the process itself, which would close its streams unread. */
  private void killAtOnce() {
    process.toHandle().destroyForcibly();
  }

  /** Sends SIGTERM and returns at once. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Sends SIGINT, as Ctrl-C does, and returns when it is sent. */
  public void interrupt() throws InterruptedException {
    Process kill = launch(List.of("kill", "-INT", Long.toString(pid())));
    if (kill.waitFor() != 0) {
      throw new IllegalStateException(this + " cannot be sent SIGINT; it may have ended.");
    }
  }

  /**
   * Waits until it has ended and everything it wrote has been heard.
   *
   * @return its exit code; 137 after SIGKILL, 143 after SIGTERM, 130 after SIGINT
   * @throws AssertionError if it lives longer; it is left alive
   */
  public int await(Duration timeout) throws InterruptedException {
    try {
      gone.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(this + " still lives after " + timeout + ". " + errors(), e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot wait for " + this + ".", e);
    }
    if (!read.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("Somebody else holds the output of " + this + " open.");
    }
    return process.exitValue();
  }

  /** Whether it lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The last lines that it wrote to its standard error. */
  public String errors() {
    return errors.toString();
  }

  /** Kills it unless it has ended. */
  @Override
  public void close() {
    killAtOnce();
    boolean interrupted = false;
    while (true) {
      try {
        process.waitFor();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "child JVM " + process.pid();
  }

  /**
   * For the first line of a child's main method: ends this JVM at once, without shutdown hooks,
   * when the parent is gone. Takes standard input for itself.
   */
  public static void dieWithParent() {
    InputStream parent = requireNonNull(System.in, "System.in");
    Thread watch =
        new Thread(
            () -> {
              try {
                while (parent.read() >= 0) {
                  // The parent writes nothing: whatever comes is not the end.
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                Runtime.getRuntime().halt(3);
              }
            },
            "noria-die-with-parent");
    watch.setDaemon(true);
    watch.start();
  }
}
