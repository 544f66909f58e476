package dev.noria.wiring;

import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Settings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * All settings of one queue: from code, {@code noria.properties}, system properties and
 * environment, in this order of strength. Thread-safe.
 */
public final class SettingsSource {
  static final String PREFIX = "noria.";
  static final String PLUGINS = "noria.plugins.";

  private final List<SettingsLayer> layers;
  private final List<Problem> found;
  private final Map<String, Problem> unreadable = new ConcurrentSkipListMap<>();
  private final Set<String> known = new ConcurrentSkipListSet<>();
  private final Set<String> ignored = ConcurrentHashMap.newKeySet();

  private SettingsSource(List<SettingsLayer> layers, List<Problem> found) {
    this.layers = List.copyOf(layers);
    this.found = List.copyOf(found);
  }

  /** Reads all sources; {@code code} has whole keys ({@code noria.worker.lease}). */
  public static SettingsSource load(Map<String, String> code, ClassLoader loader) {
    Findings findings = new Findings();
    SettingsLayer file = SettingsLayer.readFile(loader, findings);
    return new SettingsSource(
        List.of(
            SettingsLayer.code(code),
            file,
            SettingsLayer.systemProperties(System.getProperties()),
            SettingsLayer.environment(System.getenv())),
        findings.all());
  }

  /** A variable of others, such as REDIS_URL; an empty one counts as not set. */
  static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }

  /** From layers, strongest first. */
  static SettingsSource of(SettingsLayer... layers) {
    return new SettingsSource(List.of(layers), List.of());
  }

  /** {@code noria.plugins.<id>.…} */
  public Settings plugin(String id) {
    return new PrefixedSettings(this, PLUGINS + id + ".");
  }

  /** {@code noria.…}: the kernel's own. Asking for a name makes it known. */
  public Settings kernel() {
    return new PrefixedSettings(this, PREFIX);
  }

  /** {@code noria.storage}. */
  public Optional<String> storageUri() {
    return kernel().text("storage");
  }

  /** What was wrong with files and values so far. */
  public List<Problem> problems() {
    List<Problem> all = new ArrayList<>(found);
    all.addAll(unreadable.values());
    return List.copyOf(all);
  }

  /** Settings that nobody has asked for. */
  public List<Problem> unread() {
    List<Problem> problems = new ArrayList<>();
    for (SettingsLayer layer : layers) {
      Set<String> readable = new TreeSet<>();
      known.forEach(key -> readable.add(layer.written(key)));
      for (String key : layer.values().keySet()) {
        if (!readable.contains(key) && !isIgnored(layer, key)) {
          problems.add(unknown(layer, key, readable));
        }
      }
    }
    return List.copyOf(problems);
  }

  /** What was written for this key in the strongest source that has it. */
  Optional<Written> written(String key) {
    known.add(key);
    for (SettingsLayer layer : layers) {
      @Nullable String value = layer.values().get(layer.written(key));
      if (value != null) {
        return Optional.of(new Written(layer.written(key), value.strip(), layer.origin()));
      }
    }
    return Optional.empty();
  }

  /** A value and where it stands. */
  record Written(String key, String value, String origin) {}

  /** The names below {@code prefix} that were given a value. */
  Set<String> names(String prefix) {
    Map<String, String> names = new TreeMap<>();
    for (SettingsLayer layer : layers) {
      String start = layer.written(prefix);
      for (String key : layer.values().keySet()) {
        if (key.startsWith(start) && key.length() > start.length()) {
          String name = key.substring(start.length());
          names.putIfAbsent(
              SettingsLayer.variable(name),
              layer.environment() ? name.toLowerCase(Locale.ROOT).replace('_', '-') : name);
        }
      }
    }
    return Set.copyOf(names.values());
  }

  void unreadable(Written written, String form) {
    String value = isSecret(written.key()) ? "***" : "'" + written.value() + "'";
    unreadable.put(
        written.key(),
        ProblemCode.BAD_SETTING.problem(
            "The setting "
                + written.key()
                + " has the value "
                + value
                + " ("
                + written.origin()
                + "). Expected "
                + form
                + ". Correct it, or remove it to get the default."));
  }

  /** Nobody needs to read what stands below this plugin's prefix, or below any plugin's. */
  void ignore(String prefix) {
    ignored.add(prefix);
  }

  private boolean isIgnored(SettingsLayer layer, String key) {
    return ignored.stream().anyMatch(prefix -> key.startsWith(layer.written(prefix)));
  }

  private static boolean isSecret(String key) {
    String name = key.toLowerCase(Locale.ROOT);
    return name.contains("password") || name.contains("secret") || name.contains("token");
  }

  private static Problem unknown(SettingsLayer layer, String key, Collection<String> readable) {
    String hint =
        Nearest.to(key, readable)
            .map(near -> "The nearest known one is " + near + ". Correct it, or remove it.")
            .orElseGet(() -> "Expected one of a plugin that is installed. " + remedy(layer, key));
    return ProblemCode.UNKNOWN_SETTING.problem(
        "The setting " + key + " (" + layer.origin() + ") is read by nobody. " + hint);
  }

  private static String remedy(SettingsLayer layer, String key) {
    String start = layer.written(PLUGINS);
    int end = key.indexOf(layer.environment() ? '_' : '.', start.length());
    if (!key.startsWith(start) || end < 0) {
      return "Remove it.";
    }
    String id = key.substring(start.length(), end).toLowerCase(Locale.ROOT);
    return "Add the plugin '"
        + id
        + "' ("
        + Artifacts.forPlugin(id)
        + ") if it is absent, or remove the setting.";
  }
}
