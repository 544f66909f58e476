package dev.noria.storage.memory;

import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.Events;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Opens {@code memory:} with the options {@code namespace} and {@code events}. Each opening is a
 * storage of its own. Thread-safe.
 */
public final class MemoryStorageProvider implements StorageProvider {
  private static final String NAMESPACE = "namespace";
  private static final String EVENTS = "events";
  private static final List<String> OPTIONS = List.of(NAMESPACE, EVENTS);
  private static final Pattern NAMESPACES = Pattern.compile("[a-z0-9_]{1,40}");

  /** For the service loader. */
  public MemoryStorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("memory");
  }

  @Override
  public int spiVersion() {
    return Spi.VERSION;
  }

  @Override
  public void check(StorageUri uri) {
    Options ignored = read(uri);
  }

  @Override
  public JobStorage open(StorageUri uri, Opener opener) {
    Options options = read(uri);
    return MemoryStorage.create(options.namespace(), options.events());
  }

  private record Options(String namespace, Events.Mode events) {}

  private static Options read(StorageUri uri) {
    if (!uri.rest().isEmpty()) {
      throw new IllegalArgumentException(
          "'" + uri + "' names a place. A memory storage has none; write memory: alone.");
    }
    uri.options().keySet().forEach(MemoryStorageProvider::checkKnown);
    return new Options(
        namespace(uri.options().getOrDefault(NAMESPACE, "noria")),
        mode(uri.options().getOrDefault(EVENTS, "off")));
  }

  private static void checkKnown(String option) {
    if (!OPTIONS.contains(option)) {
      throw new IllegalArgumentException(
          "A memory storage has no option '"
              + option
              + "'. Did you mean '"
              + Nearest.to(option, OPTIONS)
              + "'? Known are "
              + String.join(", ", OPTIONS)
              + ".");
    }
  }

  private static String namespace(String text) {
    if (!NAMESPACES.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "Namespace '" + text + "' is not legal. Expected 1 to 40 of a-z, 0-9 and _.");
    }
    return text;
  }

  private static Events.Mode mode(String text) {
    for (Events.Mode mode : Events.Mode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "Option events=" + text + " is not legal. Expected off, terminal or all.");
  }
}
