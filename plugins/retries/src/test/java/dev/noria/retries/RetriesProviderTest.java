package dev.noria.retries;

import static dev.noria.retries.Sample.NOW;
import static dev.noria.retries.Sample.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.job.Outcome;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Spi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesProviderTest {
  private final RetriesProvider provider = new RetriesProvider();

  private Installed installed(Map<String, String> settings, RandomGenerator random) {
    return Installed.of(provider.create(Sample.settings(settings)).orElseThrow(), settings, random);
  }

  private Outcome outcome(Map<String, String> settings, int attempt) {
    return installed(settings, Sample.MIDDLE)
        .failed(job("t", attempt, 0, NOW), new IllegalStateException());
  }

  private Duration delay(Map<String, String> settings, int attempt) {
    Instant at = ((Outcome.Retry) outcome(settings, attempt)).at();
    return Duration.between(NOW, at);
  }

  @Test
  void itIsFound_andMarked() throws IOException {
    assertThat(ServiceLoader.load(PluginProvider.class))
        .singleElement()
        .isInstanceOf(RetriesProvider.class);
    try (InputStream marker =
        RetriesProvider.class.getResourceAsStream("/META-INF/noria/plugins/retries")) {
      assertThat(new String(marker.readAllBytes(), StandardCharsets.UTF_8).strip())
          .isEqualTo(RetriesProvider.class.getName());
    }
    assertThat(provider.id()).isEqualTo("retries");
    assertThat(provider.spiVersion()).isEqualTo(Spi.VERSION);
  }

  @Test
  void withoutSettings_fiveAttemptsThatDouble() {
    assertThat(delay(Map.of(), 1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(delay(Map.of(), 4)).isEqualTo(Duration.ofSeconds(8));
    assertThat(outcome(Map.of(), 5).kind()).isEqualTo(Outcome.Kind.DEAD);
    Installed lowest = installed(Map.of(), Sample.drawing(0));
    assertThat(((Outcome.Retry) lowest.failed(job("t", 1, 0), new IOException())).at())
        .isEqualTo(NOW.plusMillis(750));
  }

  @Test
  void settings_areObeyed() {
    Map<String, String> exponential =
        Map.of("max-attempts", "9", "base", "PT2S", "factor", "3", "cap", "PT30S");
    assertThat(delay(exponential, 2)).isEqualTo(Duration.ofSeconds(6));
    assertThat(delay(exponential, 8)).isEqualTo(Duration.ofSeconds(30));
    assertThat(outcome(exponential, 9).kind()).isEqualTo(Outcome.Kind.DEAD);

    assertThat(delay(Map.of("strategy", "fixed", "base", "PT3S"), 4))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(delay(Map.of("strategy", "linear", "base", "PT3S"), 4))
        .isEqualTo(Duration.ofSeconds(12));
    assertThat(delay(Map.of("base", "PT1H"), 1)).isEqualTo(Duration.ofHours(1));
    assertThat(outcome(Map.of("max-elapsed", "PT0.5S"), 1).kind()).isEqualTo(Outcome.Kind.DEAD);
    Installed steady = installed(Map.of("jitter", "0"), Sample.drawing(0));
    assertThat(((Outcome.Retry) steady.failed(job("t", 1, 0), new IOException())).at())
        .isEqualTo(NOW.plusSeconds(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max-attempts | 0         | Expected 1 to 1000000
          max-attempts | 1000001   | remove it to get 5
          strategy     | quadratic | Expected fixed, linear or exponential
          base         | PT-1S     | Expected zero to 365 days
          base         | PT9000H   | Expected zero to 365 days
          factor       | 0.5       | Expected 1.0 to 100.0
          cap          | PT0.5S    | at least the base of PT1S
          cap          | PT9000H   | Expected zero to 365 days
          jitter       | 2         | Expected 0.0 to 1.0
          jitter       | NaN       | Expected 0.0 to 1.0
          max-elapsed  | PT0S      | Expected above zero
          """)
  void aSettingOutOfRange_saysWhatIsExpected(String name, String value, String expected) {
    assertThatThrownBy(() -> provider.create(Sample.settings(Map.of(name, value))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("NORIA-031 The setting noria.plugins.retries." + name)
        .hasMessageContaining(expected)
        .hasMessageContaining("1 problem");
  }

  @Test
  void aFactorWithoutTheExponentialStrategy_isAnError() {
    assertThatThrownBy(
            () -> provider.create(Sample.settings(Map.of("strategy", "fixed", "factor", "3"))))
        .hasMessageContaining("retries.factor has the value '3'");
  }

  @Test
  void allProblems_areReportedTogether() {
    assertThatThrownBy(
            () -> provider.create(Sample.settings(Map.of("max-attempts", "0", "jitter", "9"))))
        .hasMessageContaining("max-attempts")
        .hasMessageContaining("jitter")
        .hasMessageContaining("2 problems");
  }
}
