package dev.noria.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.cli.Output;
import dev.noria.job.JobFilter;
import dev.noria.job.JobState;
import dev.noria.job.Part;
import dev.noria.job.StoredJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were there when the folder was walked, and cannot be read any more. */
class UnreadableFilesTest {
  @TempDir private Path temporary;

  /** A file whose reading fails for everybody; without /proc, for everybody but root. */
  private Path unreadable() throws IOException {
    Path memory = Path.of("/proc/self/mem");
    if (Files.isRegularFile(memory)) {
      return memory; // nothing is mapped at its beginning
    }
    Path file = Files.writeString(temporary.resolve("secret.txt"), "secret");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
  }

  private static Path file(Path folder, String name) throws IOException {
    return Files.writeString(folder.resolve(name), "one two\n");
  }

  /** Walks the folder and stores its jobs, and reads nothing. */
  private static void enqueue(Path folder, String storage, String more) throws IOException {
    FolderWalk.Found walked = FolderWalk.of(folder);
    List<String> files = new ArrayList<>(walked.files());
    files.add(more);
    try (JobQueue queue = JobQueue.open(storage)) {
      new Enqueuing(queue, new Logbook(queue), folder.toString())
          .enqueue(new FolderWalk.Found(files, walked.leftOut()), () -> true);
    }
  }

  private static List<StoredJob> dead(String storage) {
    try (JobQueue queue = JobQueue.open(storage)) {
      List<StoredJob> dead =
          queue.list(JobFilter.all().queue(DemoJobs.FILES).states(JobState.DEAD), 10).items();
      return queue.findAll(dead.stream().map(StoredJob::id).toList(), EnumSet.of(Part.HISTORY));
    }
  }

  @Test
  void demo_vanishedAndUnreadable_triedThreeTimesDeadAndListed() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("files")).toRealPath();
    Path left = file(folder, "left.txt");
    Path gone = file(folder, "gone.txt");
    Path replaced = file(folder, "replaced.txt");
    String unreadable = unreadable().toString();
    String storage = "sqlite:" + temporary.resolve("noria-demo.db");
    enqueue(folder, storage, unreadable);
    Files.delete(gone);
    Files.delete(replaced);
    Files.createDirectory(replaced);
    assertThat(left).exists();

    Output output = Output.of("demo", folder.toString(), "--storage", storage);

    assertThat(output.err()).isEmpty();
    assertThat(output.exit()).isZero();
    assertThat(output.out().replaceAll(" +", " "))
        .contains("\ntotal 1 8 1 2")
        .contains("\nCould not be read: 3\n")
        .contains("\n gone.txt (is not there any more)\n")
        .contains("\n replaced.txt (is not there any more)\n")
        .contains("\n " + unreadable + " (");
    assertThat(dead(storage))
        .hasSize(3)
        .allSatisfy(job -> assertThat(job.status().attempt()).isEqualTo(3))
        .allSatisfy(job -> assertThat(job.history()).hasSize(3));
  }
}
