package dev.noria.testing;

import static dev.noria.job.JobOption.in;
import static dev.noria.testing.NoriaAssertions.assertThat;

import dev.noria.job.JobType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the README shows. */
@NoriaTest
class ReadmeTest {
  static final JobType<Email> SEND = JobType.of("email.send", Email.class).queue("mail");
  static final JobType<Email> WELCOME = JobType.of("welcome", Email.class);

  @Test
  void aCustomer_isWelcomedAfterAnHour(TestQueue test) {
    test.queue().handle(SEND, (email, job) -> {});
    test.queue().handle(WELCOME, (email, job) -> job.followUp(SEND, email));
    test.queue().enqueue(WELCOME, new Email("a@example.org", "Hi"), in(Duration.ofHours(1)));

    assertThat(test).enqueued(WELCOME).withPayload(new Email("a@example.org", "Hi")).times(1);
    test.advance(Duration.ofHours(1));
    assertThat(test).completed(SEND).inQueue("mail").times(1);
    assertThat(test).hasNoWaitingJobs().hasNoDeadJobs();
  }
}
