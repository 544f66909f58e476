package dev.noria.chain;

import static dev.noria.chain.Sample.chains;
import static dev.noria.chain.Sample.leased;
import static dev.noria.chain.Sample.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.ErrorInfo;
import dev.noria.job.Outcome;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.storage.LeasedJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ProcessChainTest {
  private final List<LeasedJob> ran = new ArrayList<>();
  private final List<Outcome> seen = new ArrayList<>();
  private final FakeAttempt attempt = new FakeAttempt();

  private Outcome handle(LeasedJob job) {
    ran.add(job);
    return Outcome.Completed.VOID;
  }

  private static Middleware around(Function<ProcessChain, Outcome> link) {
    return new Middleware() {
      @Override
      public Outcome process(ProcessChain chain) {
        return link.apply(chain);
      }
    };
  }

  private Middleware watching() {
    return around(
        chain -> {
          Outcome outcome = chain.proceed();
          seen.add(outcome);
          return outcome;
        });
  }

  private Outcome run(Middleware... middleware) {
    return chains(middleware).process(leased(1), attempt, this::handle);
  }

  @Test
  void noLinks_runsTheHandler() {
    assertThat(run()).isSameAs(Outcome.Completed.VOID);
    assertThat(ran).containsExactly(leased(1));
  }

  @Test
  void outcomes_mayBeReplaced() {
    Outcome retry = new Outcome.Retry(Sample.NOW, ErrorInfo.of("X", "y"));
    Middleware replacing =
        around(
            chain -> {
              chain.proceed();
              return retry;
            });
    assertThat(run(watching(), replacing)).isSameAs(retry);
    assertThat(seen).containsExactly(retry);
  }

  @Test
  void notProceeding_preventsTheRun() {
    assertThat(run(around(chain -> new Outcome.Released(null, "later"))))
        .isEqualTo(new Outcome.Released(null, "later"));
    assertThat(ran).isEmpty();
  }

  @Test
  void whatTheHandlerThrows_isFailedForEveryLink() {
    IllegalArgumentException thrown = new IllegalArgumentException("x");
    Outcome outcome =
        chains(watching(), watching())
            .process(
                leased(1),
                attempt,
                job -> {
                  throw thrown;
                });
    assertThat(outcome).isEqualTo(new Outcome.Failed(thrown));
    assertThat(seen).containsExactly(outcome, outcome);
  }

  @Test
  void thrownBeforeProceed_isFailedAndPreventsTheRun() {
    IllegalStateException thrown = new IllegalStateException("x");
    Outcome outcome = run(watching(), throwing(thrown));
    assertThat(outcome).isEqualTo(new Outcome.Failed(thrown));
    assertThat(seen).containsExactly(outcome);
    assertThat(ran).isEmpty();
  }

  private static Middleware throwing(RuntimeException thrown) {
    return around(
        chain -> {
          throw thrown;
        });
  }

  @Test
  void thrownAfterProceed_isLoggedAndTheOutcomeStands() {
    Middleware late =
        around(
            chain -> {
              chain.proceed();
              throw new IllegalStateException("late");
            });
    String log = logged(() -> assertThat(run(watching(), late)).isSameAs(Outcome.Completed.VOID));
    assertThat(seen).containsExactly(Outcome.Completed.VOID);
    assertThat(log).contains("WARN", "The plugin 'b' failed after job", "COMPLETED stands", "late");
  }

  @Test
  void nullBeforeProceed_isFailedAndNamesThePlugin() {
    assertThat(run(around(chain -> null)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.error())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                        "The plugin 'a' returned null around process. Expected an answer: return"
                            + " what proceed answers."));
  }

  @Test
  void nullAfterProceed_isLoggedAndTheOutcomeStands() {
    Middleware silent =
        around(
            chain -> {
              chain.proceed();
              return null;
            });
    String log = logged(() -> assertThat(run(silent)).isSameAs(Outcome.Completed.VOID));
    assertThat(log).contains("The plugin 'a' returned null around process");
  }

  @Test
  void nullFromTheHandlersStep_isFailed() {
    assertThat(chains().process(leased(1), attempt, job -> null))
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void proceedingTwice_throwsIntoTheLinkAndRunsOnce() {
    Middleware twice =
        around(
            chain -> {
              chain.proceed();
              assertThatThrownBy(chain::proceed)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageStartingWith("The plugin 'a' proceeded twice around process.");
              return chain.proceed();
            });
    String log = logged(() -> assertThat(run(twice)).isSameAs(Outcome.Completed.VOID));
    assertThat(ran).hasSize(1);
    assertThat(log).contains("The plugin 'a' proceeded twice around process.");
  }

  @Test
  void changedJob_isWhatInnerLinksAndHandlerSee() {
    LeasedJob changed = leased(1).withHeaders(Map.of("x", "y"));
    List<LeasedJob> inner = new ArrayList<>();
    run(
        around(chain -> chain.proceed(changed)),
        around(
            chain -> {
              inner.add(chain.job());
              return chain.proceed();
            }));
    assertThat(inner).containsExactly(changed);
    assertThat(ran).containsExactly(changed);
  }

  @Test
  void changedLease_isFailedAndPreventsTheRun() {
    assertThat(run(around(chain -> chain.proceed(leased(2)))))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.error())
                    .hasMessageStartingWith(
                        "The plugin 'a' proceeded with changed input around process: another"
                            + " lease."));
    assertThat(ran).isEmpty();
  }

  @Test
  void errorsOfTheVirtualMachine_areFailedAndLogged() {
    OutOfMemoryError error = new OutOfMemoryError("full");
    String log =
        logged(
            () ->
                assertThat(
                        chains()
                            .process(
                                leased(1),
                                attempt,
                                job -> {
                                  throw error;
                                }))
                    .isEqualTo(new Outcome.Failed(error)));
    assertThat(log).contains("ERROR", "full");
  }

  @Test
  void contextAndProvide_reachTheAttempt() {
    run(
        around(
            chain -> {
              assertThat(chain.context()).isSameAs(attempt);
              chain.provide(String.class, "service");
              return chain.proceed();
            }));
    assertThat(attempt.get(String.class)).isEqualTo("service");
  }

  private Middleware asking(List<Object> answers) {
    return around(
        chain -> {
          answers.add(chain.stoppedBy());
          Outcome outcome = chain.proceed();
          answers.add(chain.stoppedBy());
          return outcome;
        });
  }

  @Test
  void stoppedBy_namesTheInnermostLinkThatWasReached() {
    List<Object> answers = new ArrayList<>();
    Middleware stops = around(chain -> new Outcome.Cancelled("closed"));
    Middleware fails =
        around(
            chain -> {
              throw new IllegalStateException("before");
            });

    run(asking(answers), around(ProcessChain::proceed), stops, watching());
    run(asking(answers), fails);

    assertThat(ran).isEmpty();
    assertThat(answers)
        .containsExactly(
            Optional.empty(), Optional.of("c"), Optional.empty(), Optional.of("b"));
  }

  @Test
  void stoppedBy_isEmptyWhereTheHandlerRan() {
    List<Object> answers = new ArrayList<>();
    Middleware failsAfter =
        around(
            chain -> {
              Outcome ignored = chain.proceed();
              throw new IllegalStateException("after");
            });

    run(asking(answers), failsAfter);

    assertThat(ran).hasSize(1);
    assertThat(answers).containsExactly(Optional.empty(), Optional.empty());
  }
}
