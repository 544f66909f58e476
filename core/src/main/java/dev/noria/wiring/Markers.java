package dev.noria.wiring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files by which a provider's jar says that it is there: {@code META-INF/noria/plugins/<id>}
 * and {@code META-INF/noria/storages/<scheme>}, each with the name of the provider's class. Unlike
 * service files they have different names, so they survive when several jars are made one.
 */
final class Markers {
  static final String PLUGINS = "META-INF/noria/plugins/";
  static final String STORAGES = "META-INF/noria/storages/";

  /** Noria's own plugins: a jar without entries for its folders can not be listed. */
  private static final List<String> OWN = List.of("cron", "retries", "tenancy", "tracing");

  private final ClassLoader loader;

  Markers(ClassLoader loader) {
    this.loader = loader;
  }

  /** The class that the marker names, if there is one. */
  Optional<String> read(String marker) {
    @Nullable URL file = loader.getResource(marker);
    if (file == null) {
      return Optional.empty();
    }
    try (InputStream in = open(file).getInputStream();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      @Nullable String line = reader.readLine();
      return Optional.ofNullable(line).map(String::strip).filter(name -> !name.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The classes that all markers in {@code folder} name, by the name of the marker. */
  Map<String, String> all(String folder) {
    Set<String> names = new TreeSet<>(OWN);
    try {
      for (URL place : Collections.list(loader.getResources(folder))) {
        names.addAll(list(place, folder));
      }
    } catch (IOException | URISyntaxException e) {
      // Then those known by name have to do: a missing hint must not stop a queue.
      names.retainAll(OWN);
    }
    Map<String, String> classes = new TreeMap<>();
    names.forEach(name -> read(folder + name).ifPresent(type -> classes.put(name, type)));
    return classes;
  }

  private static Set<String> list(URL place, String folder) throws IOException, URISyntaxException {
    Set<String> names = new TreeSet<>();
    if (place.getProtocol().equals("file")) {
      try (Stream<Path> files = Files.list(Path.of(place.toURI()))) {
        files.forEach(file -> names.add(String.valueOf(file.getFileName())));
      }
    } else if (open(place) instanceof JarURLConnection connection) {
      try (JarFile jar = connection.getJarFile()) {
        jar.stream()
            .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder))
            .forEach(entry -> names.add(entry.getName().substring(folder.length())));
      }
    }
    return names;
  }

  private static URLConnection open(URL place) throws IOException {
    URLConnection connection = place.openConnection();
    // A cached jar would stay open behind the class loader's back.
    connection.setUseCaches(false);
    return connection;
  }
}
