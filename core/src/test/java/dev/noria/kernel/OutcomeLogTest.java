package dev.noria.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import dev.noria.storage.EndedJob;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;

class OutcomeLogTest {

  /** Says nothing below a level, and counts what is asked of it. */
  private static final class Quiet extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;
    private final transient Level least;
    final transient AtomicInteger said = new AtomicInteger();

    Quiet(Level least) {
      this.least = least;
    }

    private boolean says(Level level) {
      return level.toInt() >= least.toInt();
    }

    @Override
    public boolean isTraceEnabled() {
      return says(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
      return says(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
      return says(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
      return says(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
      return says(Level.ERROR);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
      return "";
    }

    @Override
    protected void handleNormalizedLoggingCall(
        Level level, Marker marker, String pattern, Object[] arguments, Throwable error) {
      said.incrementAndGet();
    }
  }

  private static EndedJob ended(JobState state) {
    return new EndedJob(new JobId(0, 1), "queue", "type", state, "EXPIRED");
  }

  @Test
  void atWarn_onlyDeadJobsAreSaid() {
    Quiet quiet = new Quiet(Level.WARN);
    OutcomeLog log = new OutcomeLog(quiet);

    log.ended(ended(JobState.CANCELLED));
    log.cancelled(new JobId(0, 1));
    assertThat(quiet.said).hasValue(0);

    log.ended(ended(JobState.DEAD));
    assertThat(quiet.said).hasValue(1);
  }

  @Test
  void atError_nothingIsSaid() {
    Quiet quiet = new Quiet(Level.ERROR);

    new OutcomeLog(quiet).ended(ended(JobState.DEAD));

    assertThat(quiet.said).hasValue(0);
  }
}
