package dev.noria.wiring;

import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All settings of one queue: from code, {@code noria.properties}, system properties and
 * environment, in this order of strength. Thread-safe.
 */
public final class SettingsSource {
  private SettingsSource() {}

  /** Reads all sources; {@code code} has whole keys ({@code noria.worker.lease}). */
  public static SettingsSource load(Map<String, String> code, ClassLoader loader) {
    throw new UnsupportedOperationException(code + " " + loader);
  }

  /** {@code noria.plugins.<id>.…} */
  public Settings plugin(String id) {
    throw new UnsupportedOperationException(id);
  }

  /** {@code noria.…}: the kernel's own. Asking for a name makes it known. */
  public Settings kernel() {
    throw new UnsupportedOperationException();
  }

  /** {@code noria.storage}. */
  public Optional<String> storageUri() {
    return kernel().text("storage");
  }

  /** What was wrong with files and values so far. */
  public List<Problem> problems() {
    throw new UnsupportedOperationException();
  }

  /** Settings that nobody has asked for. */
  public List<Problem> unread() {
    throw new UnsupportedOperationException();
  }
}
