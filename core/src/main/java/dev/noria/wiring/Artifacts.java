package dev.noria.wiring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which artifact to add for what is missing. */
final class Artifacts {
  private static final String ROOT = "dev.noria.";

  /** Packages below the root that belong to spi and core. */
  private static final Set<String> OWN =
      Set.of("job", "plugin", "storage", "middleware", "kernel", "wiring", "chain");

  /** The schemes of Noria's own storages, and the artifact of each. */
  private static final Map<String, String> STORAGES =
      Map.of(
          "memory", "memory",
          "file", "file",
          "sqlite", "sqlite",
          "postgresql", "postgres",
          "postgres", "postgres",
          "redis", "redis",
          "rediss", "redis",
          "valkey", "redis");

  private Artifacts() {}

  /** How to get a service of this type. */
  static String providing(Class<?> type) {
    String name = type.getName();
    int end = name.indexOf('.', ROOT.length());
    if (name.startsWith(ROOT) && end > 0) {
      String feature = name.substring(ROOT.length(), end);
      if (!OWN.contains(feature)) {
        return "Expected the plugin '"
            + feature
            + "'. Add dev.noria:noria-"
            + feature
            + " to the class path, or use the plugin in code.";
      }
    }
    return "Expected a plugin or the user to provide it. Call queue.provide("
        + type.getSimpleName()
        + ".class, …), or add the plugin that provides it.";
  }

  static String forPlugin(String id) {
    return "dev.noria:noria-" + id;
  }

  static String forScheme(String scheme) {
    return "dev.noria:noria-storage-" + STORAGES.getOrDefault(scheme, scheme);
  }

  /** The nearest scheme among these and those of Noria's own storages. */
  static List<String> schemes(Set<String> found) {
    Set<String> all = new TreeSet<>(found);
    all.addAll(STORAGES.keySet());
    return List.copyOf(all);
  }
}
