package dev.noria.storage.file.sim;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/** A path without dots and links. */
public final class SimPath implements Path {
  private final SimFileSystem system;
  private final boolean absolute;
  private final List<String> names;

  SimPath(SimFileSystem system, boolean absolute, List<String> names) {
    this.system = system;
    this.absolute = absolute;
    this.names = List.copyOf(names);
  }

  static SimPath parse(SimFileSystem system, String text) {
    List<String> names = new ArrayList<>(List.of(text.split("/")));
    names.removeIf(String::isEmpty);
    return new SimPath(system, text.startsWith("/"), names);
  }

  List<String> names() {
    return names;
  }

  String last() {
    return names.get(names.size() - 1);
  }

  private SimPath with(boolean rooted, List<String> other) {
    return new SimPath(system, rooted, other);
  }

  @Override
  public FileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public Path getRoot() {
    return with(true, List.of());
  }

  @Override
  public Path getFileName() {
    return names.isEmpty() ? null : with(false, List.of(last()));
  }

  @Override
  public SimPath getParent() {
    return names.isEmpty() ? null : with(absolute, names.subList(0, names.size() - 1));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return with(false, List.of(names.get(index)));
  }

  @Override
  public Path subpath(int from, int to) {
    return with(false, names.subList(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    List<String> start = ((SimPath) other).names;
    return names.size() >= start.size() && names.subList(0, start.size()).equals(start);
  }

  @Override
  public boolean endsWith(Path other) {
    List<String> end = ((SimPath) other).names;
    return names.size() >= end.size()
        && names.subList(names.size() - end.size(), names.size()).equals(end);
  }

  @Override
  public Path normalize() {
    return this;
  }

  @Override
  public Path resolve(Path other) {
    if (other.isAbsolute()) {
      return other;
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(((SimPath) other).names);
    return with(absolute, all);
  }

  @Override
  public Path relativize(Path other) {
    List<String> all = ((SimPath) other).names;
    return with(false, all.subList(names.size(), all.size()));
  }

  @Override
  public URI toUri() {
    return URI.create("sim:" + this);
  }

  @Override
  public SimPath toAbsolutePath() {
    return with(true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("no events");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SimPath path && path.absolute == absolute && path.names.equals(names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", names);
  }
}
