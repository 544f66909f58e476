package dev.noria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.plugin.ConfigurationException;
import dev.noria.tck.model.ReferenceStorage;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageChoiceTest {

  @Test
  void theBuildersStorage_isStrongerThanTheFileOfSettings(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("noria.properties"), "noria.storage=nowhere:jobs\n");

    try (JobQueue queue =
        withSettingsIn(
            folder,
            JobQueue.builder().discovery(Discovery.none()).storage(ReferenceStorage::create))) {
      assertThat(queue.queues()).isEmpty();
    }
  }

  @Test
  void theBuildersStorage_besideAnAddressInCode_isAnError() {
    try (JobQueue queue =
        JobQueue.builder()
            .discovery(Discovery.none())
            .storage(ReferenceStorage::create)
            .storage("memory:")
            .build()) {
      assertThatThrownBy(queue::queues)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("NORIA-002");
    }
  }

  /** Opened while the file is seen. */
  private static JobQueue withSettingsIn(Path folder, JobQueueBuilder builder) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      JobQueue queue = builder.build();
      assertThat(queue.describe()).isNotEmpty();
      return queue;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aWrongScheme_isReportedWithEverythingElse() {
    try (JobQueue queue = JobQueue.builder().storage("sqlight:jobs.db").concurrency(0).build()) {
      assertThatThrownBy(() -> queue.counts("default"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("sqlight")
          .hasMessageContaining("noria.worker.concurrency has the value '0'")
          .hasMessageEndingWith("2 problems");
    }
  }
}
