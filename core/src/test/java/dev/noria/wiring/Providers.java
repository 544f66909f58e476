package dev.noria.wiring;

import dev.noria.plugin.Plugin;
import dev.noria.plugin.PluginProvider;
import dev.noria.plugin.Settings;
import dev.noria.plugin.Spi;
import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageUri;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Providers, good and bad, that tests list in service files. */
public final class Providers {
  private Providers() {}

  /** A plugin as its id says, in service of this SPI. */
  public abstract static class Named implements PluginProvider {
    private final String id;

    Named(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public int spiVersion() {
      return Spi.VERSION;
    }

    @Override
    public Optional<Plugin> create(Settings settings) {
      return Optional.of(Plugin.of(id, installer -> {}));
    }
  }

  /** Good. */
  public static final class Alpha extends Named {
    /** Found. */
    public Alpha() {
      super("alpha");
    }

    @Override
    public Optional<Plugin> create(Settings settings) {
      return Optional.of(Plugin.of("alpha", installer -> installer.settings().number("size")));
    }
  }

  /** The same id again. */
  public static final class OtherAlpha extends Named {
    /** Found. */
    public OtherAlpha() {
      super("alpha");
    }
  }

  /** Good too. */
  public static final class Beta extends Named {
    /** Found. */
    public Beta() {
      super("beta");
    }
  }

  /** Stays off. */
  public static final class Off extends Named {
    /** Found. */
    public Off() {
      super("off");
    }

    @Override
    public Optional<Plugin> create(Settings settings) {
      return Optional.empty();
    }
  }

  /** Of another time. */
  public static final class Old extends Named {
    /** Found. */
    public Old() {
      super("old");
    }

    @Override
    public int spiVersion() {
      return 99;
    }
  }

  /** Makes what it did not promise. */
  public static final class Liar extends Named {
    /** Found. */
    public Liar() {
      super("liar");
    }

    @Override
    public Optional<Plugin> create(Settings settings) {
      return Optional.of(Plugin.of("truth", installer -> {}));
    }
  }

  /** Malformed. */
  public static final class Shouting extends Named {
    /** Found. */
    public Shouting() {
      super("LOUD");
    }
  }

  /** Fails when it makes its plugin. */
  public static final class Failing extends Named {
    /** Found. */
    public Failing() {
      super("failing");
    }

    @Override
    public Optional<Plugin> create(Settings settings) {
      throw new NoClassDefFoundError("org/example/Absent");
    }
  }

  /** Can not even be made. */
  public static final class Broken extends Named {
    /** Found, but. */
    public Broken() {
      super("broken");
      throw new IllegalStateException("no luck");
    }
  }

  /** Opens storages that are only there to be told apart. */
  public abstract static class Opening implements StorageProvider {
    private final Set<String> schemes;

    Opening(String... schemes) {
      this.schemes = Set.of(schemes);
    }

    @Override
    public Set<String> schemes() {
      return schemes;
    }

    @Override
    public int spiVersion() {
      return Spi.VERSION;
    }

    @Override
    public JobStorage open(StorageUri uri, Opener opener) {
      return new NoStorage(uri);
    }
  }

  /** Good. */
  public static final class Cellar extends Opening {
    /** Found. */
    public Cellar() {
      super("cellar", "basement");
    }
  }

  /** Opens another address. */
  public static final class Cached extends Opening {
    /** Found. */
    public Cached() {
      super("cached");
    }

    @Override
    public JobStorage open(StorageUri uri, Opener opener) {
      return opener.open(StorageUri.parse(uri.rest()));
    }
  }

  /** The same scheme again. */
  public static final class OtherCellar extends Opening {
    /** Found. */
    public OtherCellar() {
      super("cellar");
    }
  }

  /** Of another time. */
  public static final class OldStorage extends Opening {
    /** Found. */
    public OldStorage() {
      super("old");
    }

    @Override
    public int spiVersion() {
      return 0;
    }
  }

  /** Fails in as many ways as its address says. */
  public static final class Picky extends Opening {
    /** Found. */
    public Picky() {
      super("picky");
    }

    @Override
    public JobStorage open(StorageUri uri, Opener opener) {
      switch (uri.rest()) {
        case "address" -> throw new IllegalArgumentException("Expected //host.");
        case "down" -> throw new StorageException(StorageException.Kind.UNAVAILABLE, "down");
        case "driver" -> throw new NoClassDefFoundError("org/example/Driver");
        default -> {
          return null;
        }
      }
    }
  }

  /** Knows what is wrong with an address before it opens it; never opens any. */
  public static final class Choosy extends Opening {
    /** Found. */
    public Choosy() {
      super("choosy");
    }

    @Override
    public void check(StorageUri uri) {
      for (String option : uri.options().keySet()) {
        if (!option.equals("size")) {
          throw new IllegalArgumentException(
              "There is no option '" + option + "'. Did you mean 'size'?");
        }
      }
    }

    @Override
    public JobStorage open(StorageUri uri, Opener opener) {
      throw new StorageException(StorageException.Kind.UNAVAILABLE, "opened");
    }
  }

  /** Can not even say what it opens. */
  public static final class Mute extends Opening {
    @Override
    public Set<String> schemes() {
      throw new IllegalStateException("mute");
    }
  }

  /** Can not even be made. */
  public static final class BrokenStorage extends Opening {
    /** Found, but. */
    public BrokenStorage() {
      super("broken");
      throw new IllegalStateException("no luck");
    }
  }

  /** The class names, for service files. */
  static List<String> names(Class<?>... types) {
    return java.util.Arrays.stream(types).map(Class::getName).toList();
  }
}
