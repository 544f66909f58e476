package dev.noria.wiring;

import dev.noria.plugin.Codec;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Jobs;
import dev.noria.plugin.Settings;
import dev.noria.plugin.TimeSource;
import dev.noria.plugin.Vitals;
import dev.noria.storage.Capability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What plugins, users and the kernel provide to each other, by type. Thread-safe once open; until
 * then for the wiring thread only.
 */
public final class Services {
  /** Only the kernel provides these; {@link Codec} is its own unless a plugin brings another. */
  private static final Set<Class<?>> RESERVED =
      Set.of(Jobs.class, TimeSource.class, Settings.class, Vitals.class);

  private final Map<Class<?>, Offer> offers = new ConcurrentHashMap<>();
  private final Map<Class<?>, Set<String>> needs = new LinkedHashMap<>();
  private final List<Runnable> whenOpened = new ArrayList<>();
  private volatile boolean open;

  /**
   * Who provides what.
   *
   * @param owner in words
   * @param plugin the id if it is a plugin
   * @param service what
   */
  record Offer(String owner, @Nullable String plugin, Object service) {}

  Services() {}

  /**
   * Provides a service of the kernel: Jobs, Codec, the storage's capabilities. Does nothing if a
   * plugin or the user provides one of this type: theirs stands, and {@link #find} answers it.
   */
  public <T> void bind(Class<T> type, T service) {
    requireClosed("bind");
    offers.putIfAbsent(type, new Offer("the kernel", null, type.cast(service)));
  }

  /** The service of this type. */
  public <T> Optional<T> find(Class<T> type) {
    @Nullable Offer offer = offers.get(type);
    return offer == null ? Optional.empty() : Optional.of(type.cast(offer.service()));
  }

  /** What is needed and provided by nobody so far. */
  public List<Problem> missing() {
    return needs.keySet().stream()
        .filter(type -> !offers.containsKey(type))
        .map(this::lack)
        .toList();
  }

  /**
   * From now on plugins may read what they required. Makes the middleware classes.
   *
   * @throws dev.noria.plugin.ConfigurationException if a needed service is missing or a middleware
   *     class can not be made
   */
  public void open() {
    requireClosed("open");
    Findings findings = new Findings();
    findings.addAll(missing());
    findings.throwIfAny();
    open = true;
    whenOpened.forEach(Runnable::run);
  }

  void whenOpened(Runnable action) {
    whenOpened.add(action);
  }

  boolean isOpen() {
    return open;
  }

  Map<Class<?>, Offer> offers() {
    return Map.copyOf(offers);
  }

  /** Takes the service of a plugin or the user. */
  void provide(@Nullable String plugin, Class<?> type, Object service, Findings findings) {
    String owner = plugin == null ? "the user's code" : plugin(plugin);
    if (RESERVED.contains(type) || Capability.class.isAssignableFrom(type)) {
      findings.add(
          ProblemCode.RESERVED_SERVICE,
          type.getName()
              + " is provided by "
              + owner
              + ". Expected to come from the kernel only. Remove the call of provide.");
      return;
    }
    @Nullable Offer other = offers.putIfAbsent(type, new Offer(owner, plugin, type.cast(service)));
    if (other != null) {
      findings.add(
          ProblemCode.REPEATED_SERVICE,
          type.getName()
              + " is provided by "
              + other.owner()
              + " and by "
              + owner
              + ". Expected one provider of a type. Remove one of them.");
    }
  }

  <T> Supplier<T> require(String plugin, Class<T> type) {
    String owner = plugin(plugin);
    need(owner, type);
    return () ->
        read(owner, type).orElseThrow(() -> new IllegalStateException(lack(type).message()));
  }

  <T> Supplier<Optional<T>> search(String plugin, Class<T> type) {
    return () -> read(plugin(plugin), type);
  }

  void need(String owner, Class<?> type) {
    needs.computeIfAbsent(type, t -> new TreeSet<>()).add(owner);
  }

  /** Needs that can not be met any more once all plugins are installed. */
  List<Problem> missingFromPlugins() {
    return needs.keySet().stream()
        .filter(type -> !offers.containsKey(type) && !comesFromKernel(type))
        .map(this::lack)
        .toList();
  }

  private static boolean comesFromKernel(Class<?> type) {
    return RESERVED.contains(type)
        || type == Codec.class
        || Capability.class.isAssignableFrom(type);
  }

  private <T> Optional<T> read(String owner, Class<T> type) {
    if (!open) {
      throw new IllegalStateException(
          "The service "
              + type.getName()
              + " was read by "
              + owner
              + " while plugins are being installed."
              + " Expected to be read once the queue has opened."
              + " Keep the supplier and read it in onStart, a loop or a middleware.");
    }
    return find(type);
  }

  private void requireClosed(String what) {
    if (open) {
      throw new IllegalStateException(
          "Services." + what + " was called after open. Expected all of it before.");
    }
  }

  static String plugin(String id) {
    return "the plugin '" + id + "'";
  }

  private Problem lack(Class<?> type) {
    return lack(type, String.join(" and ", needs.getOrDefault(type, Set.of("somebody"))));
  }

  Problem lack(Class<?> type, String owners) {
    if (Capability.class.isAssignableFrom(type)) {
      return ProblemCode.MISSING_CAPABILITY.problem(
          "The storage can not do "
              + type.getSimpleName()
              + ", which is needed by "
              + owners
              + ". Expected a storage with this capability."
              + " Use another storage, or do without "
              + owners
              + ".");
    }
    return ProblemCode.MISSING_SERVICE.problem(
        "Nobody provides "
            + type.getName()
            + ", which is needed by "
            + owners
            + ". "
            + Artifacts.providing(type));
  }
}
