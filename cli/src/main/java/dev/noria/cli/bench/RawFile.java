package dev.noria.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** One file a commit: created, written, synced, renamed, and its folder synced. */
final class RawFile implements RawDriver {
  private static final int CHUNK = 1_000;
  private static final int LEASED = 100;

  private final Path folder;
  private final boolean sync;

  RawFile(Path folder, boolean sync) {
    this.folder = folder;
    this.sync = sync;
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  @Override
  public double singles(int jobs) throws InterruptedException {
    return rate(jobs, () -> commits(1, jobs));
  }

  @Override
  public double chunks(int jobs) throws InterruptedException {
    return rate(jobs, () -> commits(CHUNK, jobs));
  }

  @Override
  public double drain(int jobs) throws InterruptedException {
    return rate(
        jobs,
        () -> {
          for (int i = 0; i < jobs; i += LEASED) {
            commit(2L * i, LEASED);
            commit(2L * i + 1, LEASED);
          }
        });
  }

  @Override
  public Double wakeMillis(int jobs) throws InterruptedException {
    Latencies times = new Latencies(jobs);
    double ignored =
        rate(
            jobs,
            () -> {
              for (int i = 0; i < jobs; i++) {
                Waking.pause();
                long start = System.nanoTime();
                commit(2L * i, 1);
                commit(2L * i + 1, 1);
                times.add(System.nanoTime() - start);
              }
            });
    return times.millis(0.5);
  }

  private void commits(int size, int jobs) throws IOException {
    for (int i = 0; i < jobs; i += size) {
      commit(i, Math.min(size, jobs - i));
    }
  }

  private void commit(long number, int jobs) throws IOException {
    Path draft = folder.resolve("draft");
    try (FileChannel file =
        FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(jobs * PAYLOAD);
      while (bytes.hasRemaining()) {
        int ignored = file.write(bytes);
      }
      force(file);
    }
    Files.move(draft, folder.resolve("c" + number), StandardCopyOption.ATOMIC_MOVE);
    if (sync) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  private void force(FileChannel file) throws IOException {
    if (sync) {
      file.force(false);
    }
  }

  private double rate(int jobs, Work work) throws InterruptedException {
    try {
      Files.createDirectories(folder);
      long start = System.nanoTime();
      work.run();
      double seconds = (System.nanoTime() - start) / 1e9;
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      return jobs / seconds;
    } catch (IOException e) {
      throw new UncheckedIOException("Bare files failed in " + folder + ".", e);
    }
  }
}
