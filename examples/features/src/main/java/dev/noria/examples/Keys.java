package dev.noria.examples;

import static dev.noria.job.JobOption.in;
import static dev.noria.job.JobOption.key;
import static dev.noria.job.JobOption.queue;

import dev.noria.JobQueue;
import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobType;
import dev.noria.job.KeyPolicy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Deduplication and debouncing. */
public final class Keys {
  static final JobType<String> INDEX = JobType.of("index", String.class);

  public static void main(String... args) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(2);
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue.handle(
          INDEX,
          (text, job) -> {
            System.out.println("indexed " + text);
            done.countDown();
          });

      // At most one unfinished job of a key in its queue.
      say(queue.enqueue(INDEX, "page 1", key("page-1")));
      say(queue.enqueue(INDEX, "page 1 again", key("page-1")));

      // Debounce: each newcomer replaces payload and due instant of the one that waits.
      KeyPolicy debounce = KeyPolicy.whileUnfinished().replacing();
      say(queue.enqueue(INDEX, "draft 1", key("page-2", debounce), in(Duration.ofHours(1))));
      say(queue.enqueue(INDEX, "draft 2", key("page-2", debounce), in(Duration.ofHours(1))));
      say(queue.enqueue(INDEX, "draft 3", key("page-2", debounce), in(Duration.ofMillis(300))));

      // At most one within an hour of the first, finished or not; another queue, another key.
      KeyPolicy hourly = KeyPolicy.forWindow(Duration.ofHours(1));
      say(queue.enqueue(INDEX, "digest", key("digest", hourly), queue("later")));
      say(queue.enqueue(INDEX, "digest again", key("digest", hourly), queue("later")));

      queue.start();
      done.await();
    }
  }

  private static void say(EnqueueReceipt receipt) {
    System.out.println(receipt.status());
  }

  private Keys() {}
}
