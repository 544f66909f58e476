package dev.noria.chain;

import static dev.noria.chain.Sample.chains;
import static dev.noria.chain.Sample.id;
import static dev.noria.chain.Sample.job;
import static dev.noria.chain.Sample.jobs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.EnqueueReceipt;
import dev.noria.job.JobState;
import dev.noria.job.NewJob;
import dev.noria.job.RejectedException;
import dev.noria.middleware.EnqueueChain;
import dev.noria.middleware.Middleware;
import dev.noria.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EnqueueChainTest {
  private final List<List<NewJob>> stored = new ArrayList<>();

  private List<EnqueueReceipt> store(List<NewJob> jobs) {
    stored.add(jobs);
    return Sample.stored(jobs);
  }

  private static Middleware around(Function<EnqueueChain, List<EnqueueReceipt>> link) {
    return new Middleware() {
      @Override
      public List<EnqueueReceipt> enqueue(EnqueueChain chain) {
        return link.apply(chain);
      }
    };
  }

  private List<EnqueueReceipt> run(List<NewJob> jobs, Middleware... middleware) {
    return chains(middleware).enqueue(jobs, this::store);
  }

  @Test
  void noLinks_allReachTheStorage() {
    assertThat(run(jobs(2))).isEqualTo(Sample.stored(jobs(2)));
    assertThat(stored).containsExactly(jobs(2));
  }

  @Test
  void noJobs_nothingIsCalled() {
    List<String> seen = new ArrayList<>();
    Middleware link =
        around(
            chain -> {
              seen.add("called");
              return chain.proceed();
            });
    assertThat(run(List.of(), link)).isEmpty();
    assertThat(stored).isEmpty();
    assertThat(seen).isEmpty();
  }

  @Test
  void links_nestOutermostFirst() {
    List<String> seen = new ArrayList<>();
    run(jobs(1), noting("a", seen), noting("b", seen));
    assertThat(seen).containsExactly("a>", "b>", "<b", "<a");
  }

  private static Middleware noting(String name, List<String> seen) {
    return around(
        chain -> {
          seen.add(name + ">");
          List<EnqueueReceipt> receipts = chain.proceed();
          seen.add("<" + name);
          return receipts;
        });
  }

  @Test
  void settledJobs_areMergedInOrderAndGoNoFurther() {
    List<List<NewJob>> inner = new ArrayList<>();
    List<EnqueueReceipt> receipts =
        run(
            jobs(4),
            around(
                chain -> {
                  chain.answer(
                      chain.jobs().get(2), EnqueueReceipt.duplicate(id(99), JobState.READY));
                  chain.reject(chain.jobs().get(0), "no");
                  return chain.proceed();
                }),
            around(
                chain -> {
                  inner.add(chain.jobs());
                  return chain.proceed();
                }));
    assertThat(receipts)
        .containsExactly(
            EnqueueReceipt.rejected(id(1), "no"),
            EnqueueReceipt.enqueued(id(2)),
            EnqueueReceipt.duplicate(id(99), JobState.READY),
            EnqueueReceipt.enqueued(id(4)));
    assertThat(inner).containsExactly(List.of(job(2), job(4)));
    assertThat(stored).containsExactly(List.of(job(2), job(4)));
  }

  @Test
  void allSettled_storageIsNotCalled() {
    List<EnqueueReceipt> receipts =
        run(
            jobs(2),
            around(
                chain -> {
                  chain.jobs().forEach(job -> chain.reject(job, "no"));
                  return chain.proceed();
                }));
    assertThat(receipts).extracting(EnqueueReceipt::reason).containsExactly("no", "no");
    assertThat(stored).isEmpty();
  }

  @Test
  void twoJobsOfOneId_areSettledEachByItself() {
    NewJob first = job(1);
    NewJob second = job(1);
    List<EnqueueReceipt> receipts =
        run(
            List.of(first, second),
            around(
                chain -> {
                  chain.reject(second, "again");
                  return chain.proceed();
                }));
    assertThat(receipts)
        .containsExactly(EnqueueReceipt.enqueued(id(1)), EnqueueReceipt.rejected(id(1), "again"));
  }

  @Test
  void settlingAForeignJob_failsAndNamesThePlugin() {
    assertThatThrownBy(
            () ->
                run(
                    jobs(1),
                    around(
                        chain -> {
                          chain.reject(job(9), "no");
                          return chain.proceed();
                        })))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The plugin 'a' settled job "
                + id(9)
                + ", which is not open in this call. Expected"
                + " one of jobs(), each at most once.");
    assertThat(stored).isEmpty();
  }

  @Test
  void settlingTwice_fails() {
    assertThatThrownBy(
            () ->
                run(
                    jobs(1),
                    around(
                        chain -> {
                          chain.reject(job(1), "no");
                          chain.reject(job(1), "no");
                          return chain.proceed();
                        })))
        .hasMessageContaining("The plugin 'a' settled job");
  }

  @Test
  void settlingAfterProceed_failsAndTheReceiptsStand() {
    assertFailureIsLogged(
        chain -> {
          List<EnqueueReceipt> receipts = chain.proceed();
          chain.reject(chain.jobs().get(0), "no");
          return receipts;
        },
        "The plugin 'b' settled job " + id(1) + " after it had proceeded. Settle jobs before.");
  }

  @Test
  void changedJobs_withoutTheSettledOnes_areStored() {
    List<EnqueueReceipt> receipts =
        run(
            jobs(3),
            around(
                chain -> {
                  chain.reject(chain.jobs().get(1), "no");
                  return chain.proceed(List.of(marked(1), marked(3)));
                }));
    assertThat(receipts).extracting(EnqueueReceipt::id).containsExactly(id(1), id(2), id(3));
    assertThat(stored).containsExactly(List.of(marked(1), marked(3)));
  }

  @Test
  void changedJobs_withTheSettledOnes_areStored() {
    run(
        jobs(3),
        around(
            chain -> {
              chain.reject(chain.jobs().get(1), "no");
              return chain.proceed(List.of(marked(1), marked(2), marked(3)));
            }));
    assertThat(stored).containsExactly(List.of(marked(1), marked(3)));
  }

  private static NewJob marked(int number) {
    return job(number).withHeader("x", "y");
  }

  @Test
  void changedCountOrIdsOrOrder_failsBeforeTheStorage() {
    assertChangedFails(List.of(job(1)), "1 jobs instead of 2");
    assertChangedFails(List.of(job(2), job(1)), "job " + id(2) + " instead of " + id(1));
    assertChangedFails(List.of(job(1), job(3)), "job " + id(3) + " instead of " + id(2));
    assertThat(stored).isEmpty();
  }

  private void assertChangedFails(List<NewJob> changed, String what) {
    assertThatThrownBy(() -> run(jobs(2), around(chain -> chain.proceed(changed))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The plugin 'a' proceeded with changed input around enqueue: "
                + what
                + ". Expected the same ones in the same order.");
  }

  @Test
  void proceedingTwice_failsAndTheReceiptsStand() {
    assertFailureIsLogged(
        chain -> {
          chain.proceed();
          return chain.proceed();
        },
        "The plugin 'b' proceeded twice around enqueue. Expected at most one call of proceed."
            + " Keep its answer and use it again.");
  }

  @Test
  void throwingAfterProceed_receiptsStand() {
    assertFailureIsLogged(
        chain -> {
          chain.proceed();
          throw new IllegalStateException("too late");
        },
        "too late");
  }

  @Test
  void wrongReceiptsAfterProceed_receiptsFromInsideStand() {
    assertFailureIsLogged(
        chain -> {
          chain.proceed();
          return List.of();
        },
        "The plugin 'b' returned 0 receipts for 1 around enqueue.");
  }

  /** The jobs are stored by then: whoever is told otherwise enqueues them again. */
  private void assertFailureIsLogged(
      Function<EnqueueChain, List<EnqueueReceipt>> late, String what) {
    List<EnqueueReceipt> receipts = new ArrayList<>();
    String log =
        Sample.logged(
            () -> receipts.addAll(run(jobs(1), around(EnqueueChain::proceed), around(late))));
    assertThat(receipts).isEqualTo(Sample.stored(jobs(1)));
    assertThat(stored).hasSize(1);
    assertThat(log)
        .contains("The plugin 'b' failed after the jobs were enqueued; their receipts stand.")
        .contains(what);
  }

  @Test
  void wrongNumberOfReceipts_failsAndNamesThePlugin() {
    assertThatThrownBy(() -> run(jobs(2), around(chain -> List.of())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The plugin 'a' returned 0 receipts for 2 around enqueue. Expected one receipt for"
                + " each, in order.");
  }

  @Test
  void nullReceipts_failAndNameThePlugin() {
    assertThatThrownBy(() -> run(jobs(1), around(chain -> null)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "The plugin 'a' returned null around enqueue. Expected an answer: return what proceed"
                + " answers.");
  }

  @Test
  void notProceeding_ownReceiptsAreTheAnswer() {
    List<EnqueueReceipt> own = List.of(EnqueueReceipt.duplicate(id(5), null));
    assertThat(run(jobs(1), around(chain -> own))).isEqualTo(own);
    assertThat(stored).isEmpty();
  }

  @Test
  void storageWithWrongNumberOfReceipts_fails() {
    assertThatThrownBy(() -> chains().enqueue(jobs(2), jobs -> List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The storage answered 0 receipts for 2 jobs.");
  }

  @Test
  void exceptions_comeOutOfTheCall() {
    StorageException broken = new StorageException(StorageException.Kind.UNAVAILABLE, "gone", null);
    assertThatThrownBy(
            () ->
                chains(around(EnqueueChain::proceed))
                    .enqueue(
                        jobs(1),
                        jobs -> {
                          throw broken;
                        }))
        .isSameAs(broken);
    RejectedException rejected = new RejectedException(id(1), "t", "no");
    assertThatThrownBy(
            () ->
                run(
                    jobs(1),
                    around(
                        chain -> {
                          throw rejected;
                        })))
        .isSameAs(rejected);
  }
}
