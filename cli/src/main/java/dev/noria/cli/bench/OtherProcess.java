package dev.noria.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.noria.JobQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A child JVM that enqueues when it is told to. Each line it reads is a number: a job to enqueue,
 * or zero, to tell its clock. Each line it writes is its clock right before. Ends with its input.
 */
final class OtherProcess implements AutoCloseable {
  private static final int HANDSHAKES = 200;

  private final Process process;
  private final PrintStream in;
  private final BufferedReader out;

  private OtherProcess(Process process) {
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true, UTF_8);
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  static OtherProcess start(Place place) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            place.address());
    try {
      return new OtherProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + java + ".", e);
    }
  }

  /** What its enqueues look like from here. */
  Waking.Caller caller() {
    long ahead = clockAhead();
    return number -> ask(number) - ahead;
  }

  /** By how much its clock is ahead of ours: halfway through the quickest of many questions. */
  private long clockAhead() {
    long best = Long.MAX_VALUE;
    long ahead = 0;
    for (int i = 0; i < HANDSHAKES; i++) {
      long before = System.nanoTime();
      long there = ask(0);
      long after = System.nanoTime();
      if (after - before < best) {
        best = after - before;
        ahead = there - (before + best / 2);
      }
    }
    return ahead;
  }

  private long ask(long number) {
    in.println(number);
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("The other process ended. Look above for its error.");
      }
      return Long.parseLong(line);
    } catch (IOException e) {
      throw new UncheckedIOException("The other process does not answer.", e);
    }
  }

  @Override
  public void close() {
    in.close();
    Process ignored = process.onExit().join();
  }

  /** The child's side. */
  public static void main(String[] args) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    try (JobQueue queue = JobQueue.open(args[0])) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long number = Long.parseLong(line);
        System.out.println(number == 0 ? System.nanoTime() : Waking.here(queue).enqueue(number));
      }
    }
  }
}
