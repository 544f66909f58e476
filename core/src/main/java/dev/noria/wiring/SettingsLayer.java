package dev.noria.wiring;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One source of settings.
 *
 * @param origin how messages call it
 * @param values by key, as they are written there
 * @param environment whether its keys are written {@code NORIA_WORKER_LEASE}
 */
record SettingsLayer(String origin, Map<String, String> values, boolean environment) {
  static final String FILE = "noria.properties";

  /** What container platforms set by themselves for a service that is called noria. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "NORIA_(?!PLUGINS_)(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP).*)?)");

  private static final Pattern RESERVED =
      Pattern.compile("noria\\.test\\..*|NORIA_TEST_.*|NORIA_CI_.*");

  static SettingsLayer code(Map<String, String> values) {
    return new SettingsLayer("code", new TreeMap<>(values), false);
  }

  static SettingsLayer file(Map<String, String> values) {
    return new SettingsLayer(FILE, new TreeMap<>(values), false);
  }

  static SettingsLayer systemProperties(Properties properties) {
    Map<String, String> values = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(SettingsSource.PREFIX)) {
        values.put(name, properties.getProperty(name, ""));
      }
    }
    return new SettingsLayer("system property", without(values), false);
  }

  /** An empty variable counts as not set: that is how most shells and files unset one. */
  static SettingsLayer environment(Map<String, String> variables) {
    Map<String, String> values = new TreeMap<>();
    variables.forEach(
        (name, value) -> {
          if (name.startsWith("NORIA_") && !value.isBlank() && !FOREIGN.matcher(name).matches()) {
            values.put(name, value);
          }
        });
    return new SettingsLayer("environment", without(values), true);
  }

  private static Map<String, String> without(Map<String, String> values) {
    values.keySet().removeIf(name -> RESERVED.matcher(name).matches());
    return values;
  }

  /** The file at the root of the class path; that there are several is a finding. */
  static SettingsLayer readFile(ClassLoader loader, Findings findings) {
    Map<String, String> values = new TreeMap<>();
    try {
      Set<String> places = new LinkedHashSet<>();
      List<URL> files = Collections.list(loader.getResources(FILE));
      files.forEach(file -> places.add(file.toString()));
      if (places.size() > 1) {
        findings.add(
            ProblemCode.BAD_SETTINGS_FILE,
            "Several files "
                + FILE
                + " are on the class path: "
                + String.join(", ", places)
                + ". Expected at most one. Remove or merge the others.");
      } else if (!files.isEmpty()) {
        read(files.get(0), values);
      }
    } catch (IOException | IllegalArgumentException e) {
      findings.add(
          ProblemCode.BAD_SETTINGS_FILE,
          "The file "
              + FILE
              + " can not be read: "
              + e.getMessage()
              + ". Expected lines of key=value in UTF-8. Correct it.",
          e);
    }
    return file(without(values));
  }

  private static void read(URL file, Map<String, String> values) throws IOException {
    URLConnection connection = file.openConnection();
    // A cached jar would stay open behind the class loader's back.
    connection.setUseCaches(false);
    Properties properties = new Properties();
    try (Reader reader =
        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    properties.stringPropertyNames().forEach(n -> values.put(n, properties.getProperty(n, "")));
  }

  /** How this layer writes the key. */
  String written(String key) {
    return environment ? variable(key) : key;
  }

  static String variable(String key) {
    return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
