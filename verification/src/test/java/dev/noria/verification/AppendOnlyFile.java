package dev.noria.verification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The growing part of a server's append-only file, whose lengths are noted all the time, so that it
 * can be cut back to what the disk would have kept: all but the last second.
 */
final class AppendOnlyFile implements AutoCloseable {
  private static final Duration LOST = Duration.ofSeconds(1);
  private static final Duration NOTED = Duration.ofMillis(100);

  private final Path folder;
  private final Deque<Note> notes = new ArrayDeque<>();
  private final ScheduledExecutorService clerk = Executors.newSingleThreadScheduledExecutor();

  private record Note(long nanos, long length) {}

  AppendOnlyFile(RedisServer server) {
    folder = server.folder().resolve("appendonlydir");
    var unused = clerk.scheduleAtFixedRate(this::note, 0, NOTED.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Path file() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".incr.aof")).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("There is no append-only file in " + folder, e);
    }
  }

  private synchronized void note() {
    notes.addLast(new Note(System.nanoTime(), file().toFile().length()));
  }

  /**
   * Cuts the file of the dead server at a random byte that was written about a second before {@code
   * death}, and at the end of the last whole unit before that, as {@code redis-check-aof --fix}
   * does; forgets what it knew. Without the latter, Redis 7.0 ignores the half unit when it starts,
   * but leaves it in the file, and runs it when it starts the next time.
   *
   * @return how long before the death everything was written that is still there
   */
  synchronized Duration cutBack(long death, SplittableRandom random) throws IOException {
    Note kept = notes.getFirst();
    Note next = kept;
    for (Note note : notes) {
      if (death - note.nanos >= LOST.toNanos()) {
        kept = note;
      } else {
        next = note;
        break;
      }
    }
    long length =
        kept.length + (next.length > kept.length ? random.nextLong(next.length - kept.length) : 0);
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.truncate(wholeUnits(Files.readAllBytes(file()), (int) length));
    }
    notes.clear();
    note();
    return Duration.ofNanos(death - kept.nanos);
  }

  /** Where the last unit ends that lies before {@code length}: a command, or a transaction. */
  private static int wholeUnits(byte[] bytes, int length) {
    int end = 0;
    int at = 0;
    boolean open = false;
    while (true) {
      int words = number(bytes, at);
      int next = lineEnd(bytes, at);
      String first = "";
      for (int i = 0; i < words && next < length; i++) {
        int size = number(bytes, next);
        int text = lineEnd(bytes, next);
        if (text + size > bytes.length) {
          return end;
        }
        first = i == 0 ? new String(bytes, text, size, StandardCharsets.US_ASCII) : first;
        next = text + size + 2;
      }
      if (next > length || words == 0) {
        return end;
      }
      open = first.equals("MULTI") || (open && !first.equals("EXEC"));
      at = next;
      end = open ? end : at;
    }
  }

  /** The number behind the letter at a place; none behind the end. */
  private static int number(byte[] bytes, int at) {
    int number = 0;
    for (int i = at + 1; i < bytes.length && bytes[i] != '\r'; i++) {
      number = number * 10 + bytes[i] - '0';
    }
    return number;
  }

  private static int lineEnd(byte[] bytes, int at) {
    int i = at;
    while (i < bytes.length && bytes[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  @Override
  public void close() {
    clerk.shutdownNow();
  }
}
