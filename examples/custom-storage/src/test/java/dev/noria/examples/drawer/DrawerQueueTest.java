package dev.noria.examples.drawer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.JobQueue;
import dev.noria.job.CallType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrawerQueueTest {
  private static final CallType<String, String> UPPER =
      CallType.of("text.upper", String.class, String.class);

  @Test
  void address_ofTheDrawer_opensAQueueThatWorks() throws Exception {
    try (JobQueue queue = JobQueue.open("drawer:")) {
      queue.handle(UPPER, (text, job) -> text.toUpperCase(java.util.Locale.ROOT)).start();
      assertThat(queue.enqueueAndWait(UPPER, "ready", Duration.ofSeconds(30))).isEqualTo("READY");
    }
  }
}
