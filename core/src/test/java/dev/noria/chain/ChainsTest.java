package dev.noria.chain;

import static dev.noria.chain.Sample.chains;
import static dev.noria.chain.Sample.leased;
import static dev.noria.chain.Sample.link;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.Outcome;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainsTest {
  private static class Processing implements Middleware {
    @Override
    public Outcome process(ProcessChain chain) {
      return chain.proceed();
    }
  }

  private static class Inheriting extends Processing {}

  private interface Counting extends Middleware {
    @Override
    default List<EnqueueReceipt> enqueue(EnqueueChain chain) {
      return chain.proceed();
    }
  }

  private static final class CountingBoth extends Processing implements Counting {}

  private static final class Idle implements Middleware {}

  @Test
  void aChain_holdsOnlyWhatOverridesItsPoint() {
    Chains chains =
        Chains.compile(
            List.of(
                link("tracing", new CountingBoth()),
                link("retries", new Processing()),
                link("idle", new Idle()),
                link("tenancy", new Inheriting()),
                link("timeout", new Processing() {})));
    assertThat(chains.describe(Point.PROCESS))
        .isEqualTo("tracing(retries(tenancy(timeout(handler))))");
    assertThat(chains.describe())
        .isEqualTo(
            """
            enqueue: tracing(storage)
            dequeue: storage
            process: tracing(retries(tenancy(timeout(handler))))
            ack: dequeue""");
    assertThat(chains.has(Point.ENQUEUE)).isTrue();
    assertThat(chains.has(Point.DEQUEUE)).isFalse();
    assertThat(chains.has(Point.PROCESS)).isTrue();
    assertThat(chains.has(Point.ACK)).isFalse();
  }

  @Test
  void aMiddlewareClass_isCompiledBeforeItsInstanceExists() {
    Deferred deferred = new Deferred(Inheriting.class);
    Chains chains = chains(deferred);
    assertThat(chains.describe(Point.PROCESS)).isEqualTo("a(handler)");
    assertThat(chains.has(Point.ENQUEUE)).isFalse();

    Outcome early = chains.process(leased(1), new FakeAttempt(), job -> Outcome.Completed.VOID);
    assertThat(early).isInstanceOf(Outcome.Failed.class);
    deferred.resolve(new Inheriting());
    Outcome outcome = chains.process(leased(1), new FakeAttempt(), job -> Outcome.Completed.VOID);
    assertThat(outcome).isSameAs(Outcome.Completed.VOID);
  }

  @Test
  void anInstanceOfAnotherClass_isRefused() {
    Deferred deferred = new Deferred(Inheriting.class);
    assertThatThrownBy(() -> deferred.resolve(new Idle())).isInstanceOf(ClassCastException.class);
  }
}
