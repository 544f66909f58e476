package dev.noria.kernel;

import dev.noria.job.Outcome;
import dev.noria.kernel.AttemptRun.Stop;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;

/**
 * The kernel's own link that bounds an attempt: when its time is over the handler is asked to stop
 * and interrupted; when it has not stopped after a grace it is given up.
 */
final class TimeoutStep implements Middleware {
  static final String ID = "timeout";

  @Override
  public Outcome process(ProcessChain chain) {
    AttemptRun run = (AttemptRun) chain.context();
    TimeKeeper keeper = run.timeKeeper();
    Duration own = chain.job().timeout();
    Duration timeout = own == null ? keeper.standard() : own;
    if (timeout == null) {
      return chain.proceed();
    }
    ScheduledFuture<?> end = keeper.after(timeout, () -> stop(run, timeout));
    ScheduledFuture<?> abandon =
        keeper.after(timeout.plus(keeper.grace()), () -> keeper.giveUp().accept(run));
    try {
      return chain.proceed();
    } finally {
      end.cancel(false);
      abandon.cancel(false);
    }
  }

  private static void stop(AttemptRun run, Duration timeout) {
    run.stop(
        Stop.TIMEOUT,
        "The attempt ran longer than its timeout of "
            + timeout
            + ". Make the handler faster, or"
            + " give the job a longer timeout.");
  }
}
