package dev.noria.wiring;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Spi;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds plugins on the class path, in the order of their ids: that of the jars is an accident. */
final class PluginSearch {
  private final SettingsSource settings;
  private final ClassLoader loader;
  private final Findings findings;

  /** Ids that are not to be looked for: turned off, or used in code. */
  private final Set<String> taken = new HashSet<>();

  PluginSearch(SettingsSource settings, ClassLoader loader, Findings findings) {
    this.settings = settings;
    this.loader = loader;
    this.findings = findings;
  }

  /** Does not look for the plugins of these ids. */
  PluginSearch without(Set<String> ids) {
    taken.addAll(ids);
    return this;
  }

  List<Candidate> run() {
    Found<PluginProvider> found = Found.by(ServiceLoader.load(PluginProvider.class, loader));
    Map<String, String> marked = new Markers(loader).all(Markers.PLUGINS);
    marked.keySet().removeIf(this::isOff);
    for (ServiceConfigurationError error : found.broken()) {
      broken(error);
    }
    marked.values().stream()
        .filter(name -> !found.hasSeen(name))
        .forEach(
            name ->
                findings.add(
                    ProblemCode.LOST_SERVICE_FILE,
                    StorageOpener.lost(name, PluginProvider.class.getName())));
    List<Candidate> candidates = new ArrayList<>();
    byId(found.providers()).forEach((id, same) -> choose(id, same).ifPresent(candidates::add));
    return candidates;
  }

  private Map<String, List<PluginProvider>> byId(List<PluginProvider> providers) {
    Map<String, List<PluginProvider>> byId = new TreeMap<>();
    for (PluginProvider provider : providers) {
      try {
        byId.computeIfAbsent(provider.id(), id -> new ArrayList<>()).add(provider);
      } catch (RuntimeException | LinkageError e) {
        broken(new ServiceConfigurationError(provider.getClass().getName() + " has no id", e));
      }
    }
    return byId;
  }

  private Optional<Candidate> choose(String id, List<PluginProvider> same) {
    if (isOff(id)) {
      return Optional.empty();
    }
    if (same.size() > 1) {
      List<String> origins = new ArrayList<>();
      same.forEach(p -> origins.add(p.getClass().getName() + " in " + Origin.of(p.getClass())));
      findings.add(
          ProblemCode.AMBIGUOUS_PLUGIN,
          "The plugin '"
              + id
              + "' is offered by "
              + String.join(" and by ", origins)
              + ". Expected one provider. Remove one of them from the class path.");
      return Optional.empty();
    }
    try {
      return create(id, same.get(0));
    } catch (ConfigurationException e) {
      findings.addAll(e);
    } catch (RuntimeException | LinkageError e) {
      broken(new ServiceConfigurationError(same.get(0).getClass().getName() + " failed", e));
    }
    return Optional.empty();
  }

  private Optional<Candidate> create(String id, PluginProvider provider) {
    Class<?> type = provider.getClass();
    if (provider.spiVersion() != Spi.VERSION) {
      findings.add(
          ProblemCode.OTHER_SPI,
          StorageOpener.otherSpi("The plugin '" + id + "'", type, provider.spiVersion()));
      return Optional.empty();
    }
    @Nullable Plugin plugin = provider.create(settings.plugin(id)).orElse(null);
    if (plugin == null) {
      return Optional.empty();
    }
    if (!plugin.id().equals(id)) {
      findings.add(
          ProblemCode.OTHER_ID,
          "The provider of the plugin '"
              + id
              + "' in "
              + Origin.of(type)
              + " made a plugin '"
              + plugin.id()
              + "'. Expected the same id. Report it to its author.");
      return Optional.empty();
    }
    return Optional.of(
        new Candidate(plugin, new PluginInfo(id, Origin.version(type), Origin.of(type), true)));
  }

  private void broken(ServiceConfigurationError error) {
    findings.add(
        ProblemCode.BROKEN_PLUGIN,
        "A plugin on the class path can not be used: "
            + Found.words(error)
            + ". Expected its provider to load. Remove it, or add what it depends on.",
        error);
  }

  /** Asking makes the switch known, so that it may stand there for any plugin that is found. */
  private boolean isOff(String id) {
    if (taken.contains(id)) {
      return true;
    }
    boolean off = !settings.plugin(id).flag("enabled").orElse(true);
    if (off) {
      settings.ignore(SettingsSource.PLUGINS + id + ".");
    }
    return off;
  }
}
