package dev.noria.verification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.job.JobType;
import dev.noria.job.Reasons;
import dev.noria.plugin.JobEvent;
import dev.noria.plugin.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user hears of damage to the files under a queue. */
class DamageTest {
  record Word(String word) {}

  private static final JobType<Word> WORK = JobType.of("work", Word.class);

  @TempDir private Path folder;
  private final List<JobEvent> heard = new CopyOnWriteArrayList<>();
  private final List<String> ran = new CopyOnWriteArrayList<>();

  private static JobQueue open(Path root) {
    return JobQueue.builder()
        .lease(Duration.ofSeconds(2))
        .storage("file:" + root + "?cacheBytes=0")
        .build();
  }

  private JobQueue listening(Path root) {
    return open(root)
        .use(Plugin.of("ears", installer -> installer.listen(heard::add)))
        .handle(WORK, (word, job) -> ran.add(word.word()));
  }

  private static List<Path> files(Path root, String below) throws IOException {
    try (Stream<Path> all = Files.walk(root.resolve("noria").resolve(below))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The commit with a job, told by its payload. */
  private static Path commitWith(Path root, String word) throws IOException {
    for (Path file : files(root, "log")) {
      if (text(file).contains(word)) {
        return file;
      }
    }
    throw new AssertionError("No commit has " + word);
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), ISO_8859_1);
  }

  private static byte[] damage(Path file, String word) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[text(file).indexOf(word)] ^= 1;
    Files.write(file, bytes);
    return bytes;
  }

  private <T extends JobEvent> T await(Class<T> kind) {
    Wait.until(
        Duration.ofSeconds(30),
        kind.getSimpleName(),
        () -> heard.stream().anyMatch(kind::isInstance));
    return heard.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }

  private void assertHeard(Path record, byte[] damaged, String keptName) throws IOException {
    JobEvent.RecordSetAside event = await(JobEvent.RecordSetAside.class);
    Path kept = Path.of(event.keptAt());
    assertThat(event.record()).isEqualTo(record.toString());
    assertThat(kept).hasFileName(keptName + "-" + record.getFileName());
    assertThat(kept.getParent()).hasFileName("corrupt");
    assertThat(kept).hasBinaryContent(damaged);
    assertThat(event.reason()).contains("content");
  }

  private void awaitRun(String word) {
    Wait.until(Duration.ofSeconds(30), word + " ran", () -> ran.contains(word));
  }

  @Test
  void content_thatIsDamagedUnderAnOpenQueue_isHeardAndItsNeighboursRun() throws IOException {
    try (JobQueue queue = listening(folder)) {
      queue.pause(WORK.queue());
      JobId lost = queue.enqueue(WORK, new Word("apricot")).id();
      queue.enqueue(WORK, new Word("blackberry"));
      Path commit = commitWith(folder, "apricot");
      byte[] damaged = damage(commit, "apricot");
      queue.start();
      queue.resume(WORK.queue());
      assertHeard(commit, damaged, "content");
      JobEvent.EndedByStorage ended = await(JobEvent.EndedByStorage.class);
      assertThat(ended.id()).isEqualTo(lost);
      assertThat(ended.reason()).isEqualTo(Reasons.CORRUPT);
      assertThat(queue.find(lost).orElseThrow().state()).isEqualTo(JobState.DEAD);
      awaitRun("blackberry");
      assertThat(ran).doesNotContain("apricot");
    }
  }

  /** The folder is what a crash leaves: closed in order, it would have a checkpoint behind all. */
  @Test
  void commit_thatIsFoundDamagedWhenAQueueOpens_isHeardAndTheOthersRun() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (JobQueue queue = open(Files.createDirectory(folder.resolve("first")))) {
      for (String word : List.of("apricot", "blackberry", "cherry")) {
        queue.enqueue(WORK, new Word(word));
      }
      copy(folder.resolve("first/noria"), copy.resolve("noria"));
    }
    Path commit = commitWith(copy, "blackberry");
    byte[] damaged = damage(commit, "blackberry");
    try (JobQueue queue = listening(copy)) {
      queue.start();
      assertHeard(commit, damaged, "commit");
      awaitRun("apricot");
      awaitRun("cherry");
      assertThat(ran).doesNotContain("blackberry");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.sorted().toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
