package dev.noria.tck.model;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.noria.storage.JobStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A run of some tests of the suite, in this very process.
 *
 * @param tests how many tests ran
 * @param failed the names of those that failed, as far as the run went
 * @param messages what they said
 */
record SuiteRun(int tests, List<String> failed, List<String> messages) {
  private static final LauncherConfig PLAIN =
      LauncherConfig.builder()
          .enableLauncherSessionListenerAutoRegistration(false)
          .enableLauncherDiscoveryListenerAutoRegistration(false)
          .enablePostDiscoveryFilterAutoRegistration(false)
          .enableTestExecutionListenerAutoRegistration(false)
          .build();

  /** Runs the tests of these names until one fails; one that takes {@code seconds} has failed. */
  static SuiteRun of(Supplier<Decisions> decisions, Predicate<String> names, int seconds) {
    PlantedTck.decisions = decisions;
    PlantedTck.caught = false;
    Watch watch = new Watch();
    LauncherFactory.create(PLAIN).execute(request(names, seconds), watch);
    return new SuiteRun(watch.tests.get(), watch.failed, watch.messages);
  }

  /** The same over the reference with something around it. */
  static SuiteRun dressed(UnaryOperator<JobStorage> dress, Predicate<String> names, int seconds) {
    PlantedTck.dress = dress;
    try {
      return of(Decisions::new, names, seconds);
    } finally {
      PlantedTck.dress = UnaryOperator.identity();
    }
  }

  private static LauncherDiscoveryRequest request(Predicate<String> names, int seconds) {
    PostDiscoveryFilter filter =
        test ->
            FilterResult.includedIf(
                test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(source -> names.test(((MethodSource) source).getMethodName()))
                    .orElse(true));
    // A broken storage may leave a test waiting; in a thread of its own it can be left behind.
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selectClass(PlantedTck.class))
        .filters(filter)
        .configurationParameter("junit.jupiter.execution.timeout.default", seconds + " s")
        .configurationParameter(
            "junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
        .build();
  }

  /** Counts, and stops the run at the first failure. */
  private static final class Watch implements TestExecutionListener {
    private final AtomicInteger tests = new AtomicInteger();
    private final List<String> failed = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        tests.incrementAndGet();
      }
      if (result.getStatus() == Status.FAILED) {
        failed.add(
            test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName())
                .orElseGet(test::getDisplayName));
        messages.add(result.getThrowable().map(String::valueOf).orElse(""));
        PlantedTck.caught = true;
      }
    }
  }
}
