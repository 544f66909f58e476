package dev.noria.tck.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What producers, workers and the harness saw, in order. Kept in memory, or appended to a file so
 * that what was said before a kill -9 is there afterwards. The clock must be one that all processes
 * of a run share: {@code System.nanoTime} is, on one Linux host. Thread-safe.
 */
public final class History implements AutoCloseable {
  private final String process;
  private final LongSupplier nanos;
  private final @Nullable Path file;
  private final @Nullable OutputStream out;
  private final List<Line> lines;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * An entry with its place.
   *
   * @param nanos when it was said
   * @param process who said it
   * @param entry what was said
   */
  public record Line(long nanos, String process, Entry entry) {}

  private History(
      String process,
      LongSupplier nanos,
      @Nullable Path file,
      @Nullable OutputStream out,
      List<Line> lines) {
    this.process = requireNonNull(process, "process");
    this.nanos = nanos;
    this.file = file;
    this.out = out;
    this.lines = lines;
  }

  /** Keeps everything in memory. */
  public static History inMemory(String process, LongSupplier nanos) {
    return new History(process, nanos, null, null, new ArrayList<>());
  }

  /**
   * Appends to {@code file} and keeps nothing in memory. Half a line that a kill left at its end is
   * removed.
   *
   * @param process unique per start of a process: a kill is about everything of that name
   */
  public static History appendTo(Path file, String process, LongSupplier nanos) {
    try {
      cutTornLine(file);
      // Not a FileChannel: an interrupt of a handler that says something would close it.
      OutputStream out = new FileOutputStream(file.toFile(), true);
      return new History(process, nanos, file, out, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot append to the history " + file + ".", e);
    }
  }

  private static void cutTornLine(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      long end = access.length();
      while (end > 0) {
        access.seek(end - 1);
        if (access.read() == '\n') {
          break;
        }
        end--;
      }
      access.setLength(end);
    }
  }

  /** Reads what several processes wrote, merged by time; half a line at an end is ignored. */
  public static History read(Path... files) {
    List<Line> all = new ArrayList<>();
    for (Path file : files) {
      all.addAll(readFile(file));
    }
    return merged(all);
  }

  /** Everything of {@code this} and {@code others}, merged by time. */
  public History with(History... others) {
    List<Line> all = new ArrayList<>(lines());
    for (History other : others) {
      all.addAll(other.lines());
    }
    return merged(all);
  }

  private static History merged(List<Line> all) {
    all.sort(Comparator.comparingLong(Line::nanos));
    return new History("merged", () -> Long.MAX_VALUE, null, null, all);
  }

  private static List<Line> readFile(Path file) {
    String text;
    try {
      text = Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the history " + file + ".", e);
    }
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.add(parse(text.substring(from, end)));
      from = end + 1;
    }
    return lines;
  }

  private static Line parse(String text) {
    String[] words = text.split("\t", 3);
    return new Line(
        Long.parseLong(words[0]), EntryText.unescape(words[1]), EntryText.read(words[2]));
  }

  private static String format(Line line) {
    return line.nanos + "\t" + EntryText.escape(line.process) + "\t" + EntryText.write(line.entry);
  }

  /** Says one thing; when this returns, a kill of this process does not lose it. */
  public void add(Entry entry) {
    addAll(List.of(entry));
  }

  /** Says several things at one instant, with one write. */
  public void addAll(List<? extends Entry> entries) {
    lock.lock();
    try {
      long at = nanos.getAsLong();
      List<Line> fresh = new ArrayList<>(entries.size());
      for (Entry entry : entries) {
        fresh.add(new Line(at, process, entry));
      }
      if (out == null) {
        lines.addAll(fresh);
      } else {
        append(out, fresh);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void append(OutputStream out, List<Line> fresh) {
    StringBuilder text = new StringBuilder();
    for (Line line : fresh) {
      text.append(format(line)).append('\n');
    }
    try {
      out.write(text.toString().getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the history.", e);
    }
  }

  /** Everything said so far, in order. */
  public List<Line> lines() {
    if (file != null) {
      return List.copyOf(readFile(file));
    }
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /** The present by the clock of this history. */
  public long nanos() {
    return nanos.getAsLong();
  }

  /** Closes the file; one in memory stays as it is. */
  @Override
  public void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the history " + file + ".", e);
    }
  }
}
