package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.JobContext;
import dev.noria.job.JobHandler;
import dev.noria.job.JobType;
import java.util.concurrent.CountDownLatch;

/** Handler classes get what they need by their constructor. */
public final class Injection {
  record Email(String to) {}

  static final JobType<Email> SEND = JobType.of("email.send", Email.class);

  /** Something of the application's own. */
  interface Mailer {
    void send(String to);
  }

  /** With one constructor, or one marked {@code @Inject}. */
  static final class SendEmail implements JobHandler<Email> {
    private final Mailer mailer;

    SendEmail(Mailer mailer) {
      this.mailer = mailer;
    }

    @Override
    public void handle(Email email, JobContext job) {
      mailer.send(email.to());
    }
  }

  public static void main(String... args) throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    Mailer mailer =
        to -> {
          System.out.println("mail to " + to);
          sent.countDown();
        };
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue.provide(Mailer.class, mailer).handle(SEND, SendEmail.class).start();
      queue.enqueue(SEND, new Email("ada@example.org"));
      sent.await();
    }
  }

  private Injection() {}
}
