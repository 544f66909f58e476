package dev.noria.wiring;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A class path of folders and jars that a test writes; classes come from the test itself. */
final class ClassPath {
  private final Path folder;

  ClassPath(Path folder) {
    this.folder = folder;
  }

  ClassPath file(String name, String... lines) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, String.join("\n", lines));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ClassPath service(Class<?> service, Class<?>... providers) {
    return file(
        "META-INF/services/" + service.getName(),
        Arrays.stream(providers).map(Class::getName).collect(Collectors.joining("\n")));
  }

  /** A jar with these entries: name, content, name, content… Folders get entries of their own. */
  Path jar(String name, String... entries) {
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < entries.length; i += 2) {
        zip.putNextEntry(new ZipEntry(entries[i]));
        zip.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URLClassLoader loader(Path... more) {
    return new URLClassLoader(urls(more), ClassPath.class.getClassLoader());
  }

  private URL[] urls(Path... more) {
    URL[] urls = new URL[more.length + 1];
    try {
      urls[0] = folder.toUri().toURL();
      for (int i = 0; i < more.length; i++) {
        urls[i + 1] = more[i].toUri().toURL();
      }
      return urls;
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
