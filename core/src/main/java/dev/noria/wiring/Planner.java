package dev.noria.wiring;

import dev.noria.chain.Link;
import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.TimeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns plugins and settings into a checked plan. For one queue and one thread. */
public final class Planner {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  private final SettingsSource settings;
  private final TimeSource time;
  private final ClassLoader loader;

  /** Plans with these settings, this time, and what this class loader sees. */
  public Planner(SettingsSource settings, TimeSource time, ClassLoader loader) {
    this.settings = settings;
    this.time = time;
    this.loader = loader;
  }

  /**
   * Installs all plugins and checks what they declare. Read the kernel's own settings before: what
   * nobody has read by then is a problem. Whatever is wrong stands in {@link Plan#problems}, beside
   * what others find.
   */
  public Plan plan(PlanRequest request) {
    Findings findings = new Findings();
    Services services = new Services();
    services.bind(TimeSource.class, time);
    Declarations declared = new Declarations(services, new Wiring(services), findings);
    declared.links.addAll(request.kernelLinks());
    request.services().forEach((type, service) -> services.provide(null, type, service, findings));

    List<PluginInfo> plugins = new ArrayList<>();
    for (Candidate candidate : candidates(request, findings)) {
      install(candidate.plugin(), declared);
      plugins.add(candidate.info());
    }
    List<Link> links = Order.of(declared.links, findings);
    findings.addAll(settings.problems());
    findings.addAll(settings.unread());
    services.whenOpened(() -> declared.wiring.assemble(declared.classes));
    return new Plan(declared, links, plugins);
  }

  /** Discovered plugins come first, as part of the surroundings; then those of the code. */
  private List<Candidate> candidates(PlanRequest request, Findings findings) {
    Map<String, Candidate> used = new LinkedHashMap<>();
    for (Plugin plugin : request.used()) {
      String id = plugin.id();
      if (!ID.matcher(id).matches()) {
        findings.add(ProblemCode.BAD_PLUGIN_ID, malformed(id));
      } else if (used.putIfAbsent(id, Candidate.inCode(plugin)) != null) {
        findings.add(
            ProblemCode.REPEATED_PLUGIN,
            "The plugin '"
                + id
                + "' was used twice. Expected each id once per queue."
                + " Remove one of the calls of use.");
      }
    }
    List<Candidate> all = new ArrayList<>();
    if (request.discover()) {
      PluginSearch search = new PluginSearch(settings, loader, findings);
      all.addAll(search.without(request.disabled()).without(used.keySet()).run());
    } else {
      settings.ignore(SettingsSource.PLUGINS);
    }
    request.disabled().forEach(id -> settings.ignore(SettingsSource.PLUGINS + id + "."));
    all.removeIf(candidate -> !isWellFormed(candidate, findings));
    all.addAll(used.values());
    return all;
  }

  private static boolean isWellFormed(Candidate candidate, Findings findings) {
    String id = candidate.plugin().id();
    boolean wellFormed = ID.matcher(id).matches();
    if (!wellFormed) {
      findings.add(ProblemCode.BAD_PLUGIN_ID, malformed(id));
    }
    return wellFormed;
  }

  private static String malformed(String id) {
    return "The plugin id '"
        + id
        + "' is malformed. Expected "
        + ID
        + ", such as 'rate-limits'. Rename the plugin.";
  }

  private void install(Plugin plugin, Declarations declared) {
    Settings own = settings.plugin(plugin.id());
    Installation installation = new Installation(plugin.id(), own, time, declared);
    try {
      plugin.install(installation);
    } catch (ConfigurationException e) {
      declared.findings.addAll(e);
    } catch (RuntimeException | LinkageError e) {
      declared.findings.add(
          ProblemCode.FAILED_INSTALL,
          "The plugin '"
              + plugin.id()
              + "' could not be installed: "
              + e
              + ". Expected install to declare and return. The stack trace below says where to"
              + " look.",
          e);
    } finally {
      installation.end();
    }
  }

  /** The context class loader if it sees Noria, else Noria's own. */
  public static ClassLoader currentLoader() {
    @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null && seesNoria(context) ? context : Planner.class.getClassLoader();
  }

  private static boolean seesNoria(ClassLoader loader) {
    try {
      return loader.loadClass(PluginProvider.class.getName()) == PluginProvider.class;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
