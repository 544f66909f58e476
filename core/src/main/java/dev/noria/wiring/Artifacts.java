package dev.noria.wiring;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          "redis-sentinel", "redis",
          "redis+cluster", "redis");

  /** What people call a storage by the name of its server, and the scheme that it has here. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("valkey", "redis", "valkeys", "rediss", "pg", "postgresql");

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
    String known = OTHER_NAMES.getOrDefault(scheme, scheme);
    return "dev.noria:noria-storage-" + STORAGES.getOrDefault(known, known);
  }

  /** The scheme of a storage that goes by another name, too. */
  static Optional<String> usual(String scheme) {
    return Optional.ofNullable(OTHER_NAMES.get(scheme));
  }

  /** These and the schemes of Noria's own storages. */
  static List<String> schemes(Set<String> found) {
    Set<String> all = new TreeSet<>(found);
    all.addAll(STORAGES.keySet());
    return List.copyOf(all);
  }
}
