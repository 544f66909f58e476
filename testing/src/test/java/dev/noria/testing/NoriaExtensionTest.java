package dev.noria.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class NoriaExtensionTest {
  private static final List<TestQueue> SEEN = new ArrayList<>();

  @NoriaTest
  static class Cases {
    private TestQueue before;

    @BeforeEach
    void prepare(TestQueue test) {
      before = test;
    }

    @Test
    void one(TestQueue test) {
      assertThat(test).isSameAs(before);
      SEEN.add(test);
    }

    @Test
    void two(TestQueue test) {
      assertThat(test).isSameAs(before);
      SEEN.add(test);
    }
  }

  @NoriaTest
  static class ForTheWholeClass {
    @BeforeAll
    static void prepare(TestQueue test) {
      SEEN.add(test);
    }

    @Test
    void nothing() {}
  }

  private static SummaryGeneratingListener run(Class<?> tests) {
    SEEN.clear();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    LauncherFactory.create().execute(request, listener);
    return listener;
  }

  @Test
  void eachTest_getsAQueueOfItsOwn_thatIsClosedAfterwards() {
    assertThat(run(Cases.class).getSummary().getTestsSucceededCount()).isEqualTo(2);

    assertThat(SEEN).hasSize(2).doesNotHaveDuplicates();
    assertThat(SEEN)
        .allSatisfy(
            test -> assertThatThrownBy(() -> test.queue().queues()).hasMessageContaining("closed"));
  }

  @Test
  void aWholeClass_getsNone() {
    assertThat(run(ForTheWholeClass.class).getSummary().getTestsFoundCount()).isEqualTo(1);

    assertThat(SEEN).isEmpty();
  }
}
