package dev.noria.examples;

import dev.noria.JobQueue;
import dev.noria.job.CallType;
import dev.noria.job.JobFailedException;
import dev.noria.job.JobOption;
import dev.noria.job.KeyPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A job with a result, and a caller that waits for it. */
public final class RequestAndResponse {
  record Basket(List<Integer> prices) {}

  record Quote(int total) {}

  static final CallType<Basket, Quote> PRICE =
      CallType.of("price.quote", Basket.class, Quote.class).with(JobOption.attempts(1));

  public static void main(String... args) throws InterruptedException, TimeoutException {
    Duration patience = Duration.ofSeconds(30);
    try (JobQueue queue = JobQueue.open("memory:")) {
      queue
          .handle(
              PRICE,
              (basket, job) -> {
                System.out.println("computing");
                return new Quote(basket.prices().stream().reduce(0, Math::addExact));
              })
          .start();

      System.out.println(queue.enqueueAndWait(PRICE, new Basket(List.of(20, 22)), patience));

      // Computed once: the key keeps others out until the result is purged.
      JobOption once = JobOption.key("basket-7", KeyPolicy.untilPurged());
      JobOption kept = JobOption.retention(Duration.ofHours(1));
      for (int i = 0; i < 2; i++) {
        System.out.println(
            queue.enqueueAndWait(PRICE, new Basket(List.of(7)), patience, once, kept));
      }

      try {
        queue.enqueueAndWait(PRICE, new Basket(List.of(Integer.MAX_VALUE, 1)), patience);
      } catch (JobFailedException e) {
        System.out.println("dead: " + e.error().message());
      }
    }
  }

  private RequestAndResponse() {}
}
