package dev.noria.chain;

import static dev.noria.chain.Sample.chains;
import static dev.noria.chain.Sample.id;
import static dev.noria.chain.Sample.lease;
import static dev.noria.chain.Sample.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.ErrorInfo;
import dev.noria.middleware.AckChain;
import dev.noria.middleware.Middleware;
import dev.noria.storage.Ack;
import dev.noria.storage.AckReceipt;
import dev.noria.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class AckChainTest {
  private static final List<Ack> ACKS =
      List.of(new Ack.Completed(lease(1)), new Ack.Completed(lease(2)));
  private static final List<Ack> CHANGED = List.of(dead(1), dead(2));
  private static final List<AckReceipt> RECEIPTS =
      List.of(AckReceipt.applied(id(1)), AckReceipt.stale(id(2)));

  private final List<List<Ack>> sent = new ArrayList<>();

  private static Ack dead(int number) {
    return new Ack.Dead(lease(number), ErrorInfo.of("X", "y"));
  }

  private List<AckReceipt> send(List<Ack> acks) {
    sent.add(acks);
    return acks.isEmpty() ? List.of() : RECEIPTS;
  }

  private static Middleware around(Function<AckChain, List<AckReceipt>> link) {
    return new Middleware() {
      @Override
      public List<AckReceipt> ack(AckChain chain) {
        return link.apply(chain);
      }
    };
  }

  private List<AckReceipt> run(Middleware... middleware) {
    return chains(middleware).ack(ACKS, this::send);
  }

  /** Runs, expects the storage's receipts and exactly one sending of {@code acks}. */
  private String survives(List<Ack> acks, Middleware... middleware) {
    String log = logged(() -> assertThat(run(middleware)).isEqualTo(RECEIPTS));
    assertThat(sent).containsExactly(acks);
    return log;
  }

  @Test
  void noLinks_sendsTheAcks() {
    assertThat(survives(ACKS)).isEmpty();
  }

  @Test
  void noAcks_theChainRunsAllTheSame() {
    Middleware proceeding = around(AckChain::proceed);
    assertThat(chains(proceeding).ack(List.of(), this::send)).isEmpty();
    assertThat(sent).containsExactly(List.of());
  }

  @Test
  void changedAcks_areSent() {
    assertThat(survives(CHANGED, around(chain -> chain.proceed(CHANGED)))).isEmpty();
  }

  @Test
  void changedReceipts_areTheAnswer() {
    List<AckReceipt> other = List.of(AckReceipt.stale(id(1)), AckReceipt.stale(id(2)));
    assertThat(
            run(
                around(
                    chain -> {
                      chain.proceed();
                      return other;
                    })))
        .isEqualTo(other);
  }

  @Test
  void throwBeforeProceed_originalAcksAreSentOnceAndThePluginIsLogged() {
    String log =
        survives(
            ACKS,
            around(
                chain -> {
                  throw new IllegalStateException("boom");
                }));
    assertThat(log)
        .contains("WARN", "The plugin 'a' did not proceed around ack; the acks go on without it")
        .contains("boom");
  }

  @Test
  void notProceeding_originalAcksAreSentOnceAndThePluginIsLogged() {
    String log = survives(ACKS, around(chain -> RECEIPTS));
    assertThat(log).contains("The plugin 'a' did not proceed around ack");
  }

  @Test
  void failingLink_isAsIfItWereNotThere() {
    List<List<Ack>> inner = new ArrayList<>();
    survives(
        CHANGED,
        around(chain -> chain.proceed(CHANGED)),
        around(
            chain -> {
              throw new IllegalStateException("boom");
            }),
        around(
            chain -> {
              inner.add(chain.acks());
              return chain.proceed();
            }));
    assertThat(inner).containsExactly(CHANGED);
  }

  @Test
  void throwAfterProceed_isLoggedAndTheReceiptsStand() {
    String log =
        survives(
            ACKS,
            around(
                chain -> {
                  chain.proceed();
                  throw new IllegalStateException("late");
                }));
    assertThat(log)
        .contains("The plugin 'a' failed after the acks were sent; the storage's receipts stand")
        .contains("late");
  }

  @Test
  void unalignedReceipts_areLoggedAndTheStoragesStand() {
    List<List<AckReceipt>> wrong = new ArrayList<>();
    wrong.add(null);
    wrong.add(List.of());
    wrong.add(List.of(RECEIPTS.get(1), RECEIPTS.get(0)));
    for (List<AckReceipt> receipts : wrong) {
      sent.clear();
      String log =
          survives(
              ACKS,
              around(
                  chain -> {
                    chain.proceed();
                    return receipts;
                  }));
      assertThat(log).contains("The plugin 'a' failed after the acks were sent");
    }
  }

  @Test
  void otherLeases_areRefusedAndTheOriginalAcksSent() {
    List<List<Ack>> wrong =
        List.of(List.of(), List.of(dead(2), dead(1)), List.of(dead(1), dead(3)));
    for (List<Ack> acks : wrong) {
      sent.clear();
      String log = survives(ACKS, around(chain -> chain.proceed(acks)));
      assertThat(log)
          .contains(
              "The plugin 'a' proceeded with changed input around ack: acks of other leases."
                  + " Expected the same ones in the same order.");
    }
  }

  @Test
  void proceedingTwice_isLoggedAndSendsOnce() {
    String log =
        survives(
            ACKS,
            around(
                chain -> {
                  chain.proceed();
                  return chain.proceed();
                }));
    assertThat(log).contains("The plugin 'a' proceeded twice around ack.");
  }

  @Test
  void troubleInside_comesOutAsItWas() {
    StorageException trouble =
        new StorageException(StorageException.Kind.UNAVAILABLE, true, "gone", null);
    List<Middleware> links =
        List.of(
            around(AckChain::proceed),
            around(
                chain -> {
                  try {
                    return chain.proceed();
                  } catch (StorageException e) {
                    return RECEIPTS;
                  }
                }),
            around(
                chain -> {
                  try {
                    return chain.proceed();
                  } catch (StorageException e) {
                    throw new IllegalStateException("wrapped", e);
                  }
                }));
    for (Middleware link : links) {
      sent.clear();
      Chains chains = chains(link);
      logged(
          () ->
              assertThatThrownBy(
                      () ->
                          chains.ack(
                              ACKS,
                              acks -> {
                                sent.add(acks);
                                throw trouble;
                              }))
                  .isSameAs(trouble));
      assertThat(sent).containsExactly(ACKS);
    }
  }

  @Test
  void hiddenTrouble_isLogged() {
    Middleware hiding =
        around(
            chain -> {
              try {
                return chain.proceed();
              } catch (IllegalStateException e) {
                return RECEIPTS;
              }
            });
    String log =
        logged(
            () ->
                assertThatThrownBy(() -> chains(hiding).ack(ACKS, acks -> List.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("The storage's receipts do not match its 2 acks"));
    assertThat(log).contains("The plugin 'a' hid what the acks ran into");
  }
}
