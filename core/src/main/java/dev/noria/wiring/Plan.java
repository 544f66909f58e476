package dev.noria.wiring;

import dev.noria.chain.Link;
import dev.noria.plugin.PayloadStage;
import dev.noria.storage.JobStorage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A checked queue that is not running yet. Immutable, apart from its services. */
public final class Plan {
  private final Declarations declared;
  private final List<Link> links;
  private final List<PluginInfo> plugins;

  Plan(Declarations declared, List<Link> links, List<PluginInfo> plugins) {
    this.declared = declared;
    this.links = List.copyOf(links);
    this.plugins = List.copyOf(plugins);
  }

  /** All links, outermost first. */
  public List<Link> links() {
    return links;
  }

  /** The observers, in the order of installation. */
  public List<PluginListener> listeners() {
    return List.copyOf(declared.listeners);
  }

  /** The observers of the storage, in the order of installation. */
  public List<PluginObserver> observers() {
    return List.copyOf(declared.observers);
  }

  /** The stages between codec and storage, in the order of writing. */
  public List<PayloadStage> stages() {
    return List.copyOf(declared.stages);
  }

  /** The storage that a plugin names. */
  public Optional<Supplier<? extends JobStorage>> storage() {
    @Nullable Supplier<? extends JobStorage> storage = declared.storage;
    return Optional.ofNullable(storage);
  }

  /** The loops, in the order of installation. */
  public List<NamedLoop> loops() {
    return List.copyOf(declared.loops);
  }

  /** What to run at start, in this order. */
  public List<NamedAction> onStart() {
    return List.copyOf(declared.onStart);
  }

  /** What to run at close, in this order already: the reverse of the installation. */
  public List<NamedAction> onStop() {
    return List.copyOf(declared.onStop);
  }

  /** The plugins, in the order of installation. */
  public List<PluginInfo> plugins() {
    return plugins;
  }

  /** What plugins, users and kernel provide to each other. */
  public Services services() {
    return declared.services;
  }

  /** Makes handler classes. */
  public Wiring wiring() {
    return declared.wiring;
  }
}
