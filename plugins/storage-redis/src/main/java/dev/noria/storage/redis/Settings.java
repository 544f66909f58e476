package dev.noria.storage.redis;

import dev.noria.job.Limits;
import dev.noria.storage.Durability;
import dev.noria.storage.StorageException;
import dev.noria.storage.StorageException.Kind;
import dev.noria.storage.StorageInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the server says of itself: refused where jobs would not be safe, reported otherwise. */
final class Settings {
  private static final int FORMAT = 1;

  private final Server server;
  private final Map<String, String> info = new HashMap<>();

  private Settings(Server server) {
    this.server = server;
  }

  /** Checks version, memory policy and stored format. */
  static StorageInfo check(Server server) {
    Settings settings = new Settings(server);
    String text = server.answer("INFO", () -> server.link().commands().info());
    for (String line : text.split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        settings.info.put(line.substring(0, colon), line.substring(colon + 1).trim());
      }
    }
    String name = settings.name();
    settings.checkEviction();
    settings.checkAof();
    settings.checkFormat();
    return new StorageInfo(
        name, server.location(), settings.durability(), Limits.defaults(), Set.of(), true);
  }

  private String of(String name) {
    return info.getOrDefault(name, "");
  }

  private String name() {
    String valkey = of("valkey_version");
    String version = of("redis_version");
    String[] parts = version.split("\\.", -1);
    int major = parts[0].matches("\\d{1,4}") ? Integer.parseInt(parts[0]) : 0;
    int minor = parts.length > 1 && parts[1].matches("\\d{1,4}") ? Integer.parseInt(parts[1]) : 0;
    if (major < 6 || (major == 6 && minor < 2)) {
      throw new StorageException(
          Kind.INTERNAL,
          "The server is Redis '" + version + "'. Expected 6.2 or later; update the server.");
    }
    server.knowsFlags(major >= 7);
    boolean waitsForDisks = major > 7 || (major == 7 && minor >= 2);
    if (server.options().waitAof() && !waitsForDisks) {
      throw new StorageException(
          Kind.INTERNAL,
          "The option waitAof is set, and the server is Redis "
              + version
              + ". Expected 7.2 or later, which have WAITAOF; update it, or set appendfsync to"
              + " always.");
    }
    return valkey.isEmpty() ? "Redis " + version : "Valkey " + valkey;
  }

  private void checkEviction() {
    String policy = of("maxmemory_policy");
    if (!policy.isEmpty() && !policy.equals("noeviction") && !server.options().allowEviction()) {
      throw new StorageException(
          Kind.INTERNAL,
          "The server has maxmemory-policy '"
              + policy
              + "': when its memory is full it would drop"
              + " jobs. Expected 'noeviction'; change it with CONFIG SET maxmemory-policy"
              + " noeviction, or accept the loss with allowEviction=true.");
    }
  }

  private void checkAof() {
    if (server.options().waitAof() && !of("aof_enabled").equals("1")) {
      throw new StorageException(
          Kind.INTERNAL,
          "The option waitAof is set, and the server keeps no append-only file. Expected"
              + " 'appendonly yes'; change it with CONFIG SET appendonly yes.");
    }
  }

  private void checkFormat() {
    Unpack formats = server.ask("open", new Pack().open().key("format").number(FORMAT).close());
    formats.list();
    long stored = formats.number();
    long readable = formats.number();
    if (readable > FORMAT) {
      throw new StorageException(
          Kind.CORRUPT,
          "The stored format is "
              + stored
              + ", readable by "
              + readable
              + ". Expected at most "
              + FORMAT
              + "; update Noria.");
    }
  }

  /**
   * An OK means that it is in the memory of the server. With the append-only file it is in the
   * hands of the server's operating system, with appendfsync always on its disk. Replicas add to
   * that only what a disk keeps: a server that comes back without something takes it away from
   * them.
   */
  private Durability durability() {
    if (!of("aof_enabled").equals("1")) {
      return Durability.VOLATILE;
    }
    boolean onDisk = server.options().waitAof() || isAlwaysSynced();
    if (!onDisk) {
      return Durability.PROCESS;
    }
    return server.options().waitReplicas() > 0 ? Durability.REPLICA : Durability.HOST;
  }

  /** With no-appendfsync-on-rewrite nothing is forced to the disk while the file is rewritten. */
  private boolean isAlwaysSynced() {
    return "always".equals(setting("appendfsync"))
        && !"yes".equals(setting("no-appendfsync-on-rewrite"));
  }

  private @Nullable String setting(String name) {
    try {
      return server.answer("CONFIG GET", () -> server.link().commands().configGet(name)).get(name);
    } catch (StorageException e) {
      server.log().debug("CONFIG GET is not allowed; {} is taken for its default", name, e);
      return null;
    }
  }
}
