package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.plugin.TimeSource;
import dev.noria.storage.ServerClock;
import dev.noria.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class KernelClockTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final Clocks clocks = new Clocks();
  private final KernelClock clock = new KernelClock(clocks, null, Duration.ofSeconds(30));

  private static final class Clocks implements TimeSource {
    private Instant wall = START;
    private long nanos = Long.MAX_VALUE - 5_000_000_000L;

    @Override
    public Instant now() {
      return wall;
    }

    @Override
    public long nanos() {
      return nanos;
    }

    void pass(Duration span) {
      wall = wall.plus(span);
      nanos += span.toNanos();
    }
  }

  @Test
  void now_followsTheMonotonicClockAcrossItsOverflow() {
    clocks.pass(Duration.ofSeconds(10));

    assertThat(clock.now()).isEqualTo(START.plusSeconds(10));
  }

  @Test
  void aStepBack_neverMakesNowDecrease() {
    clocks.pass(Duration.ofSeconds(10));
    clocks.wall = START.minusSeconds(3_600);
    clock.resample();
    clocks.pass(Duration.ofSeconds(1));

    assertThat(clock.now()).isEqualTo(START.plusSeconds(11));
  }

  @Test
  void aStepBack_isFollowedAfterOneLeaseAndReclaimsAgain() {
    clocks.wall = START.minusSeconds(3_600);
    clock.resample();
    clocks.pass(Duration.ofSeconds(29));
    clock.resample();
    assertThat(clock.now()).isEqualTo(START.plusSeconds(29));
    assertThat(clock.mayReclaim()).isFalse();

    clocks.pass(Duration.ofSeconds(2));
    clock.resample();

    assertThat(clock.now()).isEqualTo(START.minusSeconds(3_600 - 31));
    assertThat(clock.mayReclaim()).isTrue();
  }

  @Test
  void aJumpForward_isFollowedButReclaimsNothingForOneLease() {
    clocks.pass(Duration.ofSeconds(1));
    clocks.wall = clocks.wall.plusSeconds(3_600);
    clock.resample();

    assertThat(clock.now()).isEqualTo(START.plusSeconds(3_601));
    assertThat(clock.mayReclaim()).isFalse();

    clocks.pass(Duration.ofSeconds(31));
    clock.resample();
    assertThat(clock.mayReclaim()).isTrue();
  }

  @Test
  void aServerClock_isBelievedFromTheEndOfItsRoundTrip() {
    KernelClock served =
        new KernelClock(clocks, () -> START.plusSeconds(500), Duration.ofSeconds(30));
    clocks.pass(Duration.ofSeconds(2));
    served.sampled(START.plusSeconds(503), clocks.nanos);
    clocks.pass(Duration.ofSeconds(1));

    assertThat(served.now()).isEqualTo(START.plusSeconds(504));
    clocks.pass(Duration.ofSeconds(31));
    assertThat(served.mayReclaim()).isFalse();
  }

  @Test
  void aServerThatIsDown_isStoodInForByTheWallClockUntilItAnswers() {
    AtomicBoolean down = new AtomicBoolean(true);
    ServerClock server =
        () -> {
          if (down.get()) {
            throw new StorageException(StorageException.Kind.UNAVAILABLE, "down");
          }
          return START.minusSeconds(100);
        };
    KernelClock served = new KernelClock(clocks, server, Duration.ofSeconds(30));
    clocks.pass(Duration.ofSeconds(2));
    assertThat(served.now()).isEqualTo(START.plusSeconds(2));
    assertThat(served.isKnown()).isFalse();
    assertThat(served.mayReclaim()).isFalse();
    assertThatThrownBy(served::resample).isInstanceOf(StorageException.class);

    down.set(false);
    served.resample();

    assertThat(served.now()).isEqualTo(START.minusSeconds(100));
    assertThat(served.isKnown()).isTrue();
    assertThat(served.mayReclaim()).isTrue();
  }

  @Test
  void aSampleThatCameSlowly_doesNotSetTheClockBackButForward() {
    KernelClock served = new KernelClock(clocks, () -> START, Duration.ofSeconds(30));
    long sent = clocks.nanos;
    clocks.pass(Duration.ofSeconds(3));

    served.sampled(START.plusSeconds(1), sent);
    assertThat(served.now()).isEqualTo(START.plusMillis(2_997));
    clocks.pass(Duration.ofSeconds(1));
    assertThat(served.now()).isEqualTo(START.plusMillis(3_997));

    served.sampled(START.plusSeconds(20), sent);
    assertThat(served.now()).isEqualTo(START.plusSeconds(20));
  }

  @Test
  void aSampleThatCameQuickly_isBelievedAsItIs() {
    KernelClock served = new KernelClock(clocks, () -> START, Duration.ofSeconds(30));
    clocks.pass(Duration.ofSeconds(3));
    served.sampled(START.plusMillis(2_990), clocks.nanos);
    clocks.pass(Duration.ofSeconds(1));

    assertThat(served.now()).isEqualTo(START.plusMillis(3_990));
  }
}
