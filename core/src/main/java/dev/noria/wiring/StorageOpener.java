package dev.noria.wiring;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens storages by their address, with the providers that the class path has. Thread-safe. */
public final class StorageOpener implements StorageProvider.Opener {
  private final ClassLoader loader;

  /** Opens with the providers that {@code loader} sees. */
  public StorageOpener(ClassLoader loader) {
    this.loader = loader;
  }

  /** Opens the storage at an address as users write it. */
  public JobStorage open(String address) {
    return open(parse(address));
  }

  /** What keeps an address from being opened, as far as it shows without any I/O. */
  public List<Problem> check(String address) {
    try {
      StorageUri uri = parse(address);
      StorageProvider provider = provider(uri.scheme());
      boolean ignored =
          asked(
              uri,
              provider,
              () -> {
                provider.check(uri);
                return true;
              });
      return List.of();
    } catch (ConfigurationException e) {
      return e.problems();
    }
  }

  private static StorageUri parse(String address) {
    try {
      return StorageUri.parse(address);
    } catch (IllegalArgumentException e) {
      throw problem(ProblemCode.BAD_ADDRESS, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Opens the storage at an address.
   *
   * @throws ConfigurationException if nobody can, or the address is not right
   * @throws dev.noria.storage.StorageException if the storage can not be opened
   */
  @Override
  public JobStorage open(StorageUri uri) {
    StorageProvider provider = provider(uri.scheme());
    @Nullable JobStorage storage = asked(uri, provider, () -> provider.open(uri, this));
    if (storage == null) {
      throw problem(
          ProblemCode.BROKEN_STORAGE,
          who(uri, provider) + " opened null. Expected a storage. Report it to its author.",
          null);
    }
    return storage;
  }

  private static String who(StorageUri uri, StorageProvider provider) {
    return "The provider of '" + uri.scheme() + ":' in " + Origin.of(provider.getClass());
  }

  /** What a provider answers; what it throws for an address, in words. */
  private static <T extends @Nullable Object> T asked(
      StorageUri uri, StorageProvider provider, Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException e) {
      throw problem(
          ProblemCode.BAD_ADDRESS,
          "The storage address " + uri + " is not right. " + e.getMessage(),
          e);
    } catch (LinkageError e) {
      throw problem(
          ProblemCode.BROKEN_STORAGE,
          who(uri, provider)
              + " lacks a class: "
              + e
              + ". Expected its dependencies on the class path. "
              + "Add "
              + Artifacts.forScheme(uri.scheme())
              + " with all that it depends on.",
          e);
    }
  }

  @Override
  public Optional<String> variable(String name) {
    return SettingsSource.variable(name);
  }

  private StorageProvider provider(String scheme) {
    Found<StorageProvider> found = Found.by(ServiceLoader.load(StorageProvider.class, loader));
    List<StorageProvider> fitting = new ArrayList<>();
    List<Throwable> broken = new ArrayList<>(found.broken());
    Set<String> schemes = new TreeSet<>();
    for (StorageProvider provider : found.providers()) {
      Set<String> own = schemes(provider, broken);
      schemes.addAll(own);
      if (own.contains(scheme)) {
        fitting.add(provider);
      }
    }
    if (fitting.isEmpty()) {
      throw absent(scheme, schemes, found, broken);
    }
    if (fitting.size() > 1) {
      throw ambiguous(scheme, fitting);
    }
    return compatible(scheme, fitting.get(0));
  }

  /** A provider whose own methods fail is as good as absent, unless it is the one asked for. */
  private static Set<String> schemes(StorageProvider provider, List<Throwable> broken) {
    try {
      return Set.copyOf(provider.schemes());
    } catch (RuntimeException | LinkageError e) {
      broken.add(
          new ServiceConfigurationError(
              provider.getClass().getName() + " can not say its schemes", e));
      return Set.of();
    }
  }

  private ConfigurationException absent(
      String scheme, Set<String> schemes, Found<StorageProvider> found, List<Throwable> broken) {
    Findings findings = new Findings();
    findings.add(ProblemCode.UNKNOWN_SCHEME, unknown(scheme, schemes));
    for (Throwable error : broken) {
      findings.add(
          ProblemCode.BROKEN_STORAGE,
          "A storage provider can not be used: "
              + Found.words(error)
              + ". Expected it to load. Remove it, or add what it depends on.",
          error);
    }
    new Markers(loader)
        .read(Markers.STORAGES + scheme)
        .filter(name -> !found.hasSeen(name))
        .ifPresent(
            name ->
                findings.add(
                    ProblemCode.LOST_SERVICE_FILE, lost(name, StorageProvider.class.getName())));
    return findings.exception();
  }

  private static String unknown(String scheme, Set<String> schemes) {
    String near =
        Artifacts.usual(scheme)
            .or(() -> Nearest.to(scheme, Artifacts.schemes(schemes)))
            .map(word -> " The nearest is '" + word + ":'.")
            .orElse("");
    return "No storage opens the scheme '"
        + scheme
        + ":'. Expected one of those on the class path: "
        + (schemes.isEmpty() ? "there is none" : String.join(", ", schemes))
        + "."
        + near
        + " Correct the address, or add "
        + Artifacts.forScheme(scheme)
        + " to the class path.";
  }

  /** The words for a service file that is not there any more. */
  static String lost(String provider, String service) {
    return "The provider "
        + provider
        + " is on the class path, but not in META-INF/services/"
        + service
        + ". Expected all service files of that name to be merged when jars are made"
        + " one. Use the ServicesResourceTransformer of maven-shade-plugin, or mergeServiceFiles()"
        + " of Gradle's shadow plugin.";
  }

  private static ConfigurationException ambiguous(String scheme, List<StorageProvider> fitting) {
    List<String> origins = new ArrayList<>();
    fitting.forEach(
        provider ->
            origins.add(provider.getClass().getName() + " in " + Origin.of(provider.getClass())));
    return problem(
        ProblemCode.AMBIGUOUS_SCHEME,
        "The scheme '"
            + scheme
            + ":' is opened by "
            + String.join(" and by ", origins)
            + ". Expected one provider. Remove one of them from the class path.",
        null);
  }

  private static StorageProvider compatible(String scheme, StorageProvider provider) {
    int version;
    try {
      version = provider.spiVersion();
    } catch (LinkageError e) {
      version = 0;
    }
    if (version != Spi.VERSION) {
      throw problem(
          ProblemCode.OTHER_SPI,
          otherSpi("The storage '" + scheme + ":'", provider.getClass(), version),
          null);
    }
    return provider;
  }

  /** The words for a provider of another time. */
  static String otherSpi(String what, Class<?> provider, int version) {
    return what
        + " in "
        + Origin.of(provider)
        + " was made for SPI version "
        + version
        + ". Expected "
        + Spi.VERSION
        + ". Use a version of it that fits this Noria"
        + " (the noria-bom has those that fit).";
  }

  private static ConfigurationException problem(
      ProblemCode code, String message, @Nullable Throwable cause) {
    return new ConfigurationException(List.of(code.problem(message)), cause);
  }
}
