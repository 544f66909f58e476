package dev.noria.kernel;

import java.util.concurrent.ThreadLocalRandom;

/** Waits that double from 10 ms to a cap, each cut by up to half so that callers spread out. */
final class Backoff {
  private final long capMillis;
  private long nextMillis = 10;

  Backoff(long capMillis) {
    this.capMillis = capMillis;
  }

  long nextMillis() {
    long full = nextMillis;
    nextMillis = Math.min(capMillis, nextMillis * 2);
    return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
  }

  void reset() {
    nextMillis = 10;
  }
}
