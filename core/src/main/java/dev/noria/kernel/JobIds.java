package dev.noria.kernel;

import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.noria.job.JobId;
import dev.noria.plugin.TimeSource;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Makes ids: UUIDv7, each greater than the one before as long as the clock does not step back.
 * Thread-safe.
 */
final class JobIds {
  private final TimeSource time;
  private final TimeBasedEpochGenerator generator;

  JobIds(TimeSource time) {
    this.time = time;
    this.generator = new TimeBasedEpochGenerator(new PerThread());
  }

  JobId next() {
    return JobId.of(generator.construct(time.now().toEpochMilli()));
  }

  /**
   * Ids must be unique, not secret: the thread's own generator costs a tenth of a secure one and
   * has no lock.
   */
  private static final class PerThread extends Random {
    private static final long serialVersionUID = 1;

    @Override
    protected int next(int bits) {
      return current().nextInt() >>> (32 - bits);
    }

    @Override
    public long nextLong() {
      return current().nextLong();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      current().nextBytes(bytes);
    }

    private static RandomGenerator current() {
      return ThreadLocalRandom.current();
    }
  }
}
