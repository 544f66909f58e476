package dev.noria.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import dev.noria.tracing.TracingOptions.Relation;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracingProviderTest {

  @AfterEach
  void forget() {
    GlobalOpenTelemetry.resetForTest();
  }

  private static Settings settings(Map<String, String> values) {
    return new Settings() {
      @Override
      public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
      }

      @Override
      public Optional<Integer> number(String name) {
        return text(name).map(Integer::valueOf);
      }

      @Override
      public Optional<Boolean> flag(String name) {
        return text(name).map(Boolean::valueOf);
      }

      @Override
      public Optional<Duration> duration(String name) {
        return text(name).map(Duration::parse);
      }

      @Override
      public Optional<Double> decimal(String name) {
        return text(name).map(Double::valueOf);
      }

      @Override
      public Set<String> names() {
        return values.keySet();
      }
    };
  }

  @Test
  void withoutAGlobalOpenTelemetry_itStaysOffAndSetsNone() {
    assertThat(new TracingProvider().create(settings(Map.of()))).isEmpty();
    assertThat(GlobalOpenTelemetry.isSet()).isFalse();
  }

  @Test
  void withAGlobalOpenTelemetry_itIsOn() {
    GlobalOpenTelemetry.set(
        OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder().build()).build());

    assertThat(new TracingProvider().create(settings(Map.of())))
        .map(Plugin::id)
        .contains("tracing");
    assertThat(new TracingProvider().spiVersion()).isEqualTo(Spi.VERSION);
  }

  /** Nothing but the plugin, the contracts and slf4j, as where the API was left out. */
  @Test
  void withoutOpenTelemetryOnTheClassPath_itStaysOff() throws Exception {
    URL[] urls =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("opentelemetry"))
            .map(TracingProviderTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass("io.opentelemetry.api.OpenTelemetry"))
          .isInstanceOf(ClassNotFoundException.class);
      Class<?> contract = loader.loadClass(PluginProvider.class.getName());
      Object provider = ServiceLoader.load(contract, loader).iterator().next();
      Class<?> settings = loader.loadClass(Settings.class.getName());
      Object none =
          java.lang.reflect.Proxy.newProxyInstance(
              loader, new Class<?>[] {settings}, (proxy, method, arguments) -> Optional.empty());

      assertThat(contract.getMethod("create", settings).invoke(provider, none))
          .isEqualTo(Optional.empty());
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (java.net.MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void settings_areRead() {
    TracingOptions options =
        new TracingSettings(
                settings(
                    Map.of(
                        "relation", "child",
                        "create-spans", "true",
                        "storage-spans", "true",
                        "baggage", "tenant, user,",
                        "mdc", "false")))
            .options();

    assertThat(options)
        .isEqualTo(
            TracingOptions.defaults()
                .withRelation(Relation.CHILD)
                .withCreateSpans(true)
                .withStorageSpans(true)
                .withBaggage("tenant", "user")
                .withMdc(false));
    assertThat(new TracingSettings(settings(Map.of())).options())
        .isEqualTo(TracingOptions.defaults());
  }

  @Test
  void anUnknownRelation_isRefused() {
    assertThatThrownBy(() -> new TracingSettings(settings(Map.of("relation", "x"))).options())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("noria.plugins.tracing.relation has the value 'x'")
        .hasMessageContaining("link or child");
  }
}
