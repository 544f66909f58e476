package dev.noria.wiring;

import dev.noria.chain.Link;
import dev.noria.plugin.Plugin;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a queue is put together from.
 *
 * @param used the plugins named in code, in that order
 * @param services what the user provides, by type
 * @param kernelLinks the kernel's own links; they count as installed before all plugins
 * @param discover whether plugins on the class path are installed too
 * @param disabled ids of discovered plugins to leave out
 */
public record PlanRequest(
    List<Plugin> used,
    Map<Class<?>, Object> services,
    List<Link> kernelLinks,
    boolean discover,
    Set<String> disabled) {
  /** Copies the collections. */
  public PlanRequest {
    used = List.copyOf(used);
    services = Map.copyOf(services);
    kernelLinks = List.copyOf(kernelLinks);
    disabled = Set.copyOf(disabled);
  }
}
