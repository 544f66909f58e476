package dev.noria.chain;

import static dev.noria.chain.Sample.chains;
import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.NewJob;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who settled which job, for those who look on. */
class EnqueueSettledByTest {
  private final List<Optional<String>> answers = new ArrayList<>();

  private static Middleware around(Function<EnqueueChain, List<EnqueueReceipt>> link) {
    return new Middleware() {
      @Override
      public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
        return link.apply(chain);
      }
    };
  }

  /** Settles the job at this place of what it sees. */
  private static Middleware rejecting(int place) {
    return around(
        chain -> {
          chain.reject(chain.jobs().get(place), "no");
          return chain.proceed();
        });
  }

  private final Middleware asking =
      around(
          chain -> {
            assertThat(chain.settledBy(0)).as("before it proceeds").isEmpty();
            List<EnqueueReceipt> receipts = chain.proceed();
            IntStream.range(0, receipts.size()).forEach(i -> answers.add(chain.settledBy(i)));
            return receipts;
          });

  private void run(int jobs, Middleware... middleware) {
    List<NewJob> all = IntStream.range(0, jobs).mapToObj(Sample::job).toList();
    assertThat(chains(middleware).enqueue(all, Sample::stored)).hasSize(jobs);
  }

  @Test
  void nobody_whereAllReachTheStorage() {
    run(2, asking, around(EnqueueChain::proceed));
    run(1, asking);

    assertThat(answers).containsOnly(Optional.empty()).hasSize(3);
  }

  @Test
  void eachJob_isTheWorkOfTheLinkThatSettledIt() {
    // Of 0 1 2 3: the first takes 1, the second sees 0 2 3 and takes 3, the third takes 0.
    run(4, asking, rejecting(1), around(EnqueueChain::proceed), rejecting(2), rejecting(0));

    assertThat(answers)
        .containsExactly(
            Optional.of("e"), Optional.of("b"), Optional.empty(), Optional.of("d"));
  }

  @Test
  void theLinksOwnAnswers_areNotAskedFor() {
    Middleware own =
        around(
            chain -> {
              chain.reject(chain.jobs().get(0), "mine");
              List<EnqueueReceipt> receipts = chain.proceed();
              answers.add(chain.settledBy(0));
              answers.add(chain.settledBy(1));
              return receipts;
            });
    run(2, own, rejecting(0));

    assertThat(answers).containsExactly(Optional.empty(), Optional.of("b"));
  }

  @Test
  void aLinkThatDoesNotProceed_settlesAllThatItSees() {
    run(2, asking, rejecting(0), around(chain -> Sample.stored(chain.jobs())));

    assertThat(answers).containsExactly(Optional.of("b"), Optional.of("c"));
  }
}
