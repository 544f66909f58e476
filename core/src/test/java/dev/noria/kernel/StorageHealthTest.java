package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import org.junit.jupiter.api.Test;

class StorageHealthTest {
  private static final long SECOND = 1_000_000_000L;

  private final StorageHealth health = new StorageHealth();

  private void fail(double second) {
    health.failed(new StorageException(Kind.UNAVAILABLE, "cable"), nanos(second));
  }

  private static long nanos(double second) {
    return (long) (second * SECOND);
  }

  @Test
  void trouble_isToldAfterASecond_andEndsWithAnAnswer() {
    fail(10);
    assertThat(health.trouble(nanos(10.9))).isEmpty();
    fail(11);
    assertThat(health.trouble(nanos(11)))
        .hasValueSatisfying(
            trouble -> {
              assertThat(trouble.sinceNanos()).isEqualTo(nanos(10));
              assertThat(trouble.what()).isEqualTo("cable");
            });

    health.answered(nanos(12));

    assertThat(health.trouble(nanos(12))).isEmpty();
  }

  @Test
  void aHiccup_isNeverTold() {
    for (int i = 0; i < 20; i++) {
      fail(i);
      health.answered(nanos(i + 0.5));
      assertThat(health.trouble(nanos(i + 0.9))).isEmpty();
    }
  }

  @Test
  void troubleThatComesAndGoes_isOneTrouble_andFlapsOnce() {
    fail(10);
    health.answered(nanos(13));
    assertThat(health.trouble(nanos(14))).isEmpty();
    fail(15);
    assertThat(health.trouble(nanos(16)))
        .hasValueSatisfying(trouble -> assertThat(trouble.sinceNanos()).isEqualTo(nanos(10)));
    health.answered(nanos(17));
    assertThat(health.trouble(nanos(17))).isPresent();
    fail(20);
    health.answered(nanos(22));
    assertThat(health.trouble(nanos(31.9))).isPresent();

    assertThat(health.trouble(nanos(32))).isEmpty();
  }

  @Test
  void aCallThatFailsJustAfterTheEnd_isNoRelapse() {
    fail(10);
    health.answered(nanos(13));
    fail(13.1);
    health.answered(nanos(13.2));

    assertThat(health.trouble(nanos(13.2))).isEmpty();
    assertThat(health.trouble(nanos(20))).isEmpty();
  }

  @Test
  void aConflict_isAnAnswer() {
    health.failed(new StorageException(Kind.CONFLICT, "lease"), nanos(1));

    assertThat(health.trouble(nanos(5))).isEmpty();
  }

  @Test
  void withoutAnyCall_nobodyKnows() {
    fail(10);

    assertThat(health.trouble(nanos(69))).isPresent();
    assertThat(health.trouble(nanos(70))).isEmpty();
  }
}
