package dev.noria.chain;

import static dev.noria.chain.Sample.chains;
import static dev.noria.chain.Sample.id;
import static dev.noria.chain.Sample.leased;
import static dev.noria.chain.Sample.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Bytes;
import dev.noria.middleware.DequeueChain;
import dev.noria.middleware.Middleware;
import dev.noria.storage.DequeueRequest;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DequeueChainTest {
  private final List<DequeueRequest> asked = new ArrayList<>();

  private List<LeasedJob> take(DequeueRequest request) {
    asked.add(request);
    return List.of(leased(1), leased(2));
  }

  private static Middleware around(Function<DequeueChain, List<LeasedJob>> link) {
    return new Middleware() {
      @Override
      public List<LeasedJob> dequeue(DequeueChain chain) {
        return link.apply(chain);
      }
    };
  }

  private List<LeasedJob> run(Middleware... middleware) {
    return chains(middleware).dequeue(request(5), this::take);
  }

  @Test
  void noLinks_asksTheStorage() {
    assertThat(run()).containsExactly(leased(1), leased(2));
    assertThat(asked).containsExactly(request(5));
  }

  @Test
  void changedRequest_reachesTheStorage() {
    run(around(chain -> chain.proceed(request(chain.request().total() - 3))));
    assertThat(asked).containsExactly(request(2));
  }

  @Test
  void notProceeding_isAnEmptyDequeue() {
    assertThat(run(around(chain -> List.of()))).isEmpty();
    assertThat(run(around(chain -> List.of(leased(9))))).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void filteredAndChangedJobs_areTheAnswer() {
    LeasedJob changed = leased(2).withPayload(Bytes.utf8("other"));
    assertThat(
            run(
                around(
                    chain -> {
                      chain.proceed();
                      return List.of(changed);
                    })))
        .containsExactly(changed);
  }

  @Test
  void jobThatWasNotLeased_failsAndNamesThePlugin() {
    assertThatThrownBy(() -> run(returning(List.of(leased(1), leased(3)))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The plugin 'a' returned job "
                + id(3)
                + " around dequeue, which was not leased or is"
                + " there twice. Expected jobs that proceed answered, each once.");
    assertThatThrownBy(() -> run(returning(List.of(leased(1), leased(1)))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> run(returning(Arrays.asList(leased(1), null))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("returned null");
  }

  private static Middleware returning(List<LeasedJob> answer) {
    return around(
        chain -> {
          chain.proceed();
          return answer;
        });
  }

  @Test
  void proceedingTwice_failsAndNamesThePlugin() {
    assertThatThrownBy(
            () ->
                run(
                    around(
                        chain -> {
                          chain.proceed();
                          return chain.proceed();
                        })))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The plugin 'a' proceeded twice around dequeue.");
    assertThat(asked).hasSize(1);
  }

  @Test
  void nullAnswer_failsAndNamesThePlugin() {
    assertThatThrownBy(() -> run(around(chain -> null)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("The plugin 'a' returned null around dequeue.");
  }

  @Test
  void exceptions_comeOutOfTheCall() {
    RuntimeException thrown = new RuntimeException("x");
    assertThatThrownBy(
            () ->
                run(
                    around(
                        chain -> {
                          chain.proceed();
                          throw thrown;
                        })))
        .isSameAs(thrown);
  }
}
