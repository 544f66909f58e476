package dev.noria.storage.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.noria.job.Bytes;
import dev.noria.job.JobFilter;
import dev.noria.job.NewJob;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import dev.noria.storage.CallId;
import dev.noria.storage.Inspection;
import dev.noria.storage.StorageException;
import dev.noria.tck.process.ChildJvm;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A child process on a disk with an end: {@code fill} enqueues ever greater jobs until one does not
 * fit any more, {@code check} looks afterwards. The current folder holds {@code disk} and notes.
 */
final class FullDisk {
  private static final PrintStream OUT = new PrintStream(System.out, true, UTF_8);
  private static final Path BALLAST = Path.of("disk", "ballast");
  private static final Path ANSWERED = Path.of("answered");
  private static final int MOST_CALLS = 1_000;

  private final FileStorage storage;

  private FullDisk(FileStorage storage) {
    this.storage = storage;
  }

  public static void main(String[] arguments) throws IOException {
    ChildJvm.dieWithParent();
    FileOptions options =
        FileOptions.defaults()
            .withRoot(Path.of("disk", "jobs"))
            .withFolderCommits(16)
            .withCheckpointBytes(65_536)
            .withCacheBytes(0);
    try (FileStorage storage = FileStorage.open(options)) {
      FullDisk child = new FullDisk(storage);
      switch (arguments[0]) {
        case "fill" -> child.fill();
        case "check" -> child.check(Long.parseLong(Files.readString(ANSWERED)));
        default -> throw new IllegalArgumentException("No role '" + arguments[0] + "'.");
      }
    }
  }

  private static Bytes payload(long number) {
    return Bytes.utf8("x".repeat((int) Math.min(number * 1_024, 900_000)));
  }

  private void enqueue(long number) {
    NewJob job = NewJob.builder(Scene.id(number), "mail", Scene.QUEUE, payload(number)).build();
    storage.enqueue(new CallId(1, number), List.of(job), Scene.NOW);
  }

  private void fill() throws IOException {
    for (long number = 1; number <= MOST_CALLS; number++) {
      try {
        enqueue(number);
      } catch (StorageException e) {
        OUT.println("full " + (number - 1) + " " + e.kind() + ": " + e.getMessage());
        OUT.println("seen " + whole(number - 1));
        Files.writeString(ANSWERED, Long.toString(number - 1));
        goOn(number);
        return;
      }
    }
    OUT.println("never full");
  }

  /** How many of those that were answered are there, and whole. */
  private long whole(long jobs) {
    return LongStream.rangeClosed(1, jobs).filter(this::isWhole).count();
  }

  private boolean isWhole(long number) {
    List<StoredJob> found = storage.find(List.of(Scene.id(number)), EnumSet.of(Part.PAYLOAD));
    return found.size() == 1 && payload(number).equals(found.get(0).job().payload());
  }

  /** The same process goes on: with the same call where there is room again, else a small one. */
  private void goOn(long number) throws IOException {
    if (Files.deleteIfExists(BALLAST)) {
      enqueue(number);
    } else {
      NewJob small = NewJob.builder(Scene.id(number), "mail", Scene.QUEUE, payload(1)).build();
      storage.enqueue(new CallId(2, 1), List.of(small), Scene.NOW);
    }
    OUT.println("goes on");
  }

  private void check(long jobs) {
    OUT.println("left " + whole(jobs));
    OUT.println("counts " + Scene.countsRight(storage));
    Scene.drain(storage);
    OUT.println("unfinished " + unfinished());
  }

  private long unfinished() {
    Inspection inspection = storage.capability(Inspection.class).orElseThrow();
    return inspection.list(JobFilter.all(), null, 1_000).items().stream()
        .filter(job -> !job.state().isFinished())
        .count();
  }
}
