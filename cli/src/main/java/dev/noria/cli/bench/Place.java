package dev.noria.cli.bench;

import dev.noria.plugin.StorageProvider;
import dev.noria.storage.JobStorage;
import dev.noria.storage.StorageUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fresh place for one run. Where the address names a file, it is a temporary folder beside that
 * file, which itself is never touched; elsewhere it is the storage as given, of which only the
 * queue of the bench is used.
 */
final class Place implements AutoCloseable {
  private static final List<String> ON_DISK = List.of("sqlite", "file");

  private final StorageUri uri;
  private final String address;
  private final @Nullable Path folder;

  private Place(String address, @Nullable Path folder) {
    this.uri = StorageUri.parse(address);
    this.address = address;
    this.folder = folder;
  }

  static Place beside(String address) {
    StorageUri uri = StorageUri.parse(address);
    if (!ON_DISK.contains(uri.scheme()) || uri.rest().startsWith(":")) {
      return new Place(address, null);
    }
    Path given = Path.of(uri.rest()).toAbsolutePath();
    Path parent = given.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IllegalArgumentException(
          "The folder of '" + uri + "' does not exist. Expected one to measure in; create it.");
    }
    Path folder = temporary(parent);
    int query = address.indexOf('?');
    String options = query < 0 ? "" : address.substring(query);
    return new Place(uri.scheme() + ":" + folder.resolve("bench.db") + options, folder);
  }

  private static Path temporary(Path parent) {
    try {
      return Files.createTempDirectory(parent, "noria-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a folder in " + parent + ".", e);
    }
  }

  StorageUri uri() {
    return uri;
  }

  String address() {
    return address;
  }

  /** The folder that is deleted with this place; null when there is none. */
  @Nullable Path folder() {
    return folder;
  }

  JobStorage open() {
    return open(uri);
  }

  private static JobStorage open(StorageUri uri) {
    TreeSet<String> schemes = new TreeSet<>();
    for (StorageProvider provider : ServiceLoader.load(StorageProvider.class)) {
      if (provider.schemes().contains(uri.scheme())) {
        return provider.open(uri, Place::open);
      }
      schemes.addAll(provider.schemes());
    }
    throw new IllegalArgumentException(
        "No storage opens the scheme '"
            + uri.scheme()
            + ":'. Expected one of "
            + String.join(", ", schemes)
            + ". Correct the address.");
  }

  @Override
  public void close() {
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + folder + ". Remove it by hand.", e);
    }
  }
}
