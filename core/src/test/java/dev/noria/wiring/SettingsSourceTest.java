package dev.noria.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Settings;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsSourceTest {
  private static SettingsSource code(String... keysAndValues) {
    return SettingsSource.of(SettingsLayer.code(map(keysAndValues)));
  }

  private static SettingsSource environment(String... keysAndValues) {
    return SettingsSource.of(SettingsLayer.environment(map(keysAndValues)));
  }

  private static Map<String, String> map(String... keysAndValues) {
    Map<String, String> map = new java.util.TreeMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  private static List<String> words(List<Problem> problems) {
    return problems.stream().map(Problem::toString).toList();
  }

  @Test
  void sources_codeThenFileThenPropertyThenEnvironment() {
    Properties properties = new Properties();
    properties.setProperty("noria.plugins.p.b", "property");
    properties.setProperty("noria.plugins.p.c", "property");
    properties.setProperty("noria.plugins.p.d", "property");
    properties.setProperty("other", "x");
    Settings settings =
        SettingsSource.of(
                SettingsLayer.code(Map.of("noria.plugins.p.a", "code")),
                SettingsLayer.file(map("noria.plugins.p.a", "file", "noria.plugins.p.b", "file")),
                SettingsLayer.systemProperties(properties),
                SettingsLayer.environment(
                    map("NORIA_PLUGINS_P_C", "env", "NORIA_PLUGINS_P_E", "env")))
            .plugin("p");
    assertThat(settings.text("a")).contains("code");
    assertThat(settings.text("b")).contains("file");
    assertThat(settings.text("c")).contains("property");
    assertThat(settings.text("d")).contains("property");
    assertThat(settings.text("e")).contains("env");
    assertThat(settings.text("f")).isEmpty();
    assertThat(settings.names()).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
  }

  @Test
  void values_areReadInTheirForms() {
    SettingsSource source =
        code(
            "noria.plugins.p.text", " as it is ",
            "noria.plugins.p.number", "-5",
            "noria.plugins.p.flag", "TRUE",
            "noria.plugins.p.decimal", "0.5",
            "noria.plugins.p.ms", "250ms",
            "noria.plugins.p.s", "30s",
            "noria.plugins.p.m", "5m",
            "noria.plugins.p.h", "1h",
            "noria.plugins.p.d", "7d",
            "noria.plugins.p.iso", "PT30S");
    Settings settings = source.plugin("p");
    assertThat(settings.text("text")).contains("as it is");
    assertThat(settings.number("number")).contains(-5);
    assertThat(settings.flag("flag")).contains(true);
    assertThat(settings.decimal("decimal")).contains(0.5);
    assertThat(settings.duration("ms")).contains(Duration.ofMillis(250));
    assertThat(settings.duration("s")).contains(Duration.ofSeconds(30));
    assertThat(settings.duration("m")).contains(Duration.ofMinutes(5));
    assertThat(settings.duration("h")).contains(Duration.ofHours(1));
    assertThat(settings.duration("d")).contains(Duration.ofDays(7));
    assertThat(settings.duration("iso")).contains(Duration.ofSeconds(30));
    assertThat(source.problems()).isEmpty();
    assertThat(source.unread()).isEmpty();
  }

  @Test
  void unreadableValues_areProblemsAndCountAsAbsent() {
    SettingsSource source =
        code(
            "noria.plugins.p.number", "five",
            "noria.plugins.p.flag", "yes",
            "noria.plugins.p.decimal", "NaN",
            "noria.plugins.p.duration", "30",
            "noria.plugins.p.huge", "999999999999999d");
    Settings settings = source.plugin("p");
    assertThat(settings.number("number")).isEmpty();
    assertThat(settings.number("number")).isEmpty();
    assertThat(settings.flag("flag")).isEmpty();
    assertThat(settings.decimal("decimal")).isEmpty();
    assertThat(settings.duration("duration")).isEmpty();
    assertThat(settings.duration("huge")).isEmpty();
    assertThat(words(source.problems()))
        .hasSize(5)
        .contains(
            "NORIA-031 The setting noria.plugins.p.number has the value 'five' (code). Expected a"
                + " whole number such as 5. Correct it, or remove it to get the default.",
            "NORIA-031 The setting noria.plugins.p.duration has the value '30' (code). Expected a"
                + " duration such as 250ms, 30s, 5m, 1h, 7d or PT30S. Correct it, or remove it to"
                + " get the default.");
  }

  @Test
  void unreadableSecrets_areMasked() {
    for (String key : List.of("Password", "my-secret", "api-token")) {
      SettingsSource source = code("noria.plugins.p." + key, "hunter2");
      assertThat(source.plugin("p").number(key)).isEmpty();
      assertThat(words(source.problems()).toString()).contains("***").doesNotContain("hunter2");
    }
  }

  @Test
  void unknownKey_namesTheNearest() {
    SettingsSource source = code("noria.plugins.retries.max-atempts", "5");
    assertThat(source.plugin("retries").number("max-attempts")).isEmpty();
    assertThat(words(source.unread()))
        .containsExactly(
            "NORIA-030 The setting noria.plugins.retries.max-atempts (code) is read by nobody. The"
                + " nearest known one is noria.plugins.retries.max-attempts. Correct it, or remove"
                + " it.");
  }

  @Test
  void keyOfAnAbsentPlugin_namesTheArtifact() {
    SettingsSource source = code("noria.plugins.tenancy.limit", "5");
    assertThat(source.kernel().duration("worker.lease")).isEmpty();
    assertThat(words(source.unread()))
        .containsExactly(
            "NORIA-030 The setting noria.plugins.tenancy.limit (code) is read by nobody. Expected"
                + " one of a plugin that is installed. Add the plugin 'tenancy'"
                + " (dev.noria:noria-tenancy) if it is absent, or remove the setting.");
  }

  @Test
  void environmentNames_areResolvedAgainstTheNamesAskedFor() {
    SettingsSource source =
        environment(
            "NORIA_PLUGINS_RETRIES_MAX_ATTEMPTS", "5",
            "NORIA_STORAGE", "memory:",
            "NORIA_WORKER_LEASE", "30s");
    assertThat(source.plugin("retries").number("max-attempts")).contains(5);
    assertThat(source.plugin("retries").names()).containsExactly("max-attempts");
    assertThat(source.storageUri()).contains("memory:");
    assertThat(source.kernel().duration("worker.lease")).contains(Duration.ofSeconds(30));
    assertThat(source.unread()).isEmpty();
  }

  @Test
  void unknownEnvironmentName_namesTheNearestInItsForm() {
    SettingsSource source = environment("NORIA_STORRAGE", "memory:");
    assertThat(source.storageUri()).isEmpty();
    assertThat(words(source.unread()))
        .containsExactly(
            "NORIA-030 The setting NORIA_STORRAGE (environment) is read by nobody. The nearest"
                + " known one is NORIA_STORAGE. Correct it, or remove it.");
  }

  @Test
  void whatPlatformsAndTestsSet_isIgnored() {
    Properties properties = new Properties();
    properties.setProperty("noria.test.heap", "1g");
    SettingsSource source =
        SettingsSource.of(
            SettingsLayer.systemProperties(properties),
            SettingsLayer.environment(
                map(
                    "NORIA_TEST_X", "1",
                    "NORIA_SERVICE_HOST", "10.0.0.1",
                    "NORIA_SERVICE_PORT_HTTP", "80",
                    "NORIA_PORT", "tcp://10.0.0.1:80",
                    "NORIA_WORKER_PORT_80_TCP_ADDR", "10.0.0.1",
                    "NORIA_STORAGE", "",
                    "PATH", "/bin")));
    assertThat(source.unread()).isEmpty();
    assertThat(source.storageUri()).isEmpty();
  }

  @Test
  void anUnreadPluginPort_isNotMistakenForAPlatforms() {
    assertThat(environment("NORIA_PLUGINS_X_PORT", "1").unread()).hasSize(1);
  }

  @Test
  void theFile_isReadAsUtf8(@TempDir Path folder) throws IOException {
    ClassPath path = new ClassPath(folder).file("noria.properties", "noria.plugins.p.name=Ä");
    try (URLClassLoader loader = path.loader()) {
      SettingsSource source = SettingsSource.load(Map.of(), loader);
      assertThat(source.plugin("p").text("name")).contains("Ä");
      assertThat(source.problems()).isEmpty();
    }
  }

  @Test
  void severalFiles_areAProblem(@TempDir Path folder) throws IOException {
    ClassPath path = new ClassPath(folder).file("noria.properties", "noria.storage=memory:");
    Path jar = path.jar("app.jar", "noria.properties", "noria.storage=memory:");
    try (URLClassLoader loader = path.loader(jar)) {
      SettingsSource source = SettingsSource.load(Map.of(), loader);
      assertThat(words(source.problems()))
          .singleElement()
          .asString()
          .startsWith("NORIA-032 Several files noria.properties are on the class path: ")
          .contains("app.jar")
          .endsWith("Expected at most one. Remove or merge the others.");
      assertThat(source.storageUri()).isEmpty();
    }
  }

  @Test
  void malformedFile_isAProblem(@TempDir Path folder) throws IOException {
    ClassPath path = new ClassPath(folder).file("noria.properties", "noria.storage=\\uXYZ");
    try (URLClassLoader loader = path.loader()) {
      assertThat(words(SettingsSource.load(Map.of(), loader).problems()))
          .singleElement()
          .asString()
          .startsWith("NORIA-032 The file noria.properties can not be read: ");
    }
  }
}
