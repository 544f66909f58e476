package dev.noria.verification;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.Supplier;

/** A folder in front of the class path of the test, as the context of what runs in it. */
final class ClassPath {
  private final Path folder;

  ClassPath(Path folder) {
    this.folder = folder;
  }

  ClassPath file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  /** Runs with the folder seen. */
  <T> T with(Supplier<T> action) throws IOException {
    return with(ClassPath.class.getClassLoader(), action);
  }

  /** Runs with the folder seen, and what {@code parent} sees. */
  <T> T with(ClassLoader parent, Supplier<T> action) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {url()}, parent)) {
      thread.setContextClassLoader(loader);
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private URL url() throws MalformedURLException {
    return folder.toUri().toURL();
  }

  /** Sees all classes, but no service files: what is left of a jar shaded without care. */
  static final class Shaded extends ClassLoader {
    Shaded() {
      super(ClassPath.class.getClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.startsWith("META-INF/services/dev.noria.")
          ? Collections.emptyEnumeration()
          : super.getResources(name);
    }
  }
}
