package dev.noria.storage.file.sim;

import dev.noria.storage.file.sim.SimFileSystem.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the file storage needs of a file system, and nothing else. */
final class SimProvider extends FileSystemProvider {
  private final SimFileSystem system;

  SimProvider(SimFileSystem system) {
    this.system = system;
  }

  @Override
  public String getScheme() {
    return "sim";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    SimPath file = (SimPath) path;
    if (options.contains(StandardOpenOption.CREATE_NEW)) {
      system.step(Kind.CREATE, path);
      return new SimChannel(system, file, system.disk().create(file, false, system.user));
    }
    system.step(Kind.OPEN, path);
    return new SimChannel(system, file, system.disk().find(file));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    system.step(Kind.LIST, folder);
    List<Path> paths = system.disk().list((SimPath) folder).stream().map(folder::resolve).toList();
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return paths.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    system.step(Kind.CREATE_FOLDER, folder);
    Node ignored = system.disk().create((SimPath) folder, true, system.user);
  }

  @Override
  public void delete(Path path) throws IOException {
    Node ignored = system.disk().find((SimPath) path);
    system.step(Kind.DELETE, path);
    system.disk().delete((SimPath) path);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    system.step(Kind.MOVE, source);
    system.disk().move((SimPath) source, (SimPath) target);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    system.step(Kind.LINK, link);
    Node ignored = system.disk().link((SimPath) link, system.disk().find((SimPath) existing));
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    system.step(Kind.LOOK, one);
    return system.disk().find((SimPath) one) == system.disk().find((SimPath) other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    return new SimStore(system.type);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    system.step(Kind.LOOK, path);
    Node ignored = system.disk().find((SimPath) path);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return type.cast(new SimOwnership(system, (SimPath) path));
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    system.step(Kind.LOOK, path);
    Node node = system.disk().find((SimPath) path);
    return type.cast(new SimAttributes(node.folder, node.data.length));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
