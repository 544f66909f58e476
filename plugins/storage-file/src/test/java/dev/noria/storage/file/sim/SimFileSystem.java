package dev.noria.storage.file.sim;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A simulated disk as one process uses it. Counts what it does; can stop for ever at some step, as
 * a killed process does, or fail some steps.
 */
public final class SimFileSystem extends FileSystem {
  private final SimDisk disk;
  private final int age;
  private final SimProvider provider = new SimProvider(this);
  private final List<Step> steps = new ArrayList<>();
  private long stopAt = Long.MAX_VALUE;
  private int changes;
  private boolean dead;
  private Predicate<Step> failing = step -> false;
  private String failure = "";
  String type = "sim";
  String user = "root";

  /** What is done. */
  public enum Kind {
    CREATE(true),
    WRITE(true),
    SYNC(true),
    SYNC_FOLDER(true),
    LINK(true),
    MOVE(true),
    DELETE(true),
    CREATE_FOLDER(true),
    OPEN(false),
    LIST(false),
    LOOK(false);

    private final boolean changing;

    Kind(boolean changing) {
      this.changing = changing;
    }

    /** Whether the disk is another one afterwards. */
    public boolean isChanging() {
      return changing;
    }
  }

  /** One thing that was done, or would have been. */
  public record Step(Kind kind, String path) {}

  SimFileSystem(SimDisk disk) {
    this.disk = disk;
    this.age = disk.age();
  }

  SimDisk disk() {
    return disk;
  }

  /** The process dies before its next {@code count}-th change, counted from 0. */
  public synchronized void stopAfter(int count) {
    stopAt = (long) changes + count;
  }

  /** How often the disk was changed. */
  public synchronized int changes() {
    return changes;
  }

  /** What was done, in order. */
  public synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Steps for which {@code which} says so fail with {@code text}, and change nothing. */
  public synchronized void fail(Predicate<Step> which, String text) {
    failing = which;
    failure = text;
  }

  /** The cause is gone. */
  public synchronized void heal() {
    failing = step -> false;
  }

  /** As {@code kill -9}: nothing works any more, and locks are free. */
  public synchronized void kill() {
    dead = true;
    disk.died(this);
  }

  /** Whether the process has died. */
  public synchronized boolean isDead() {
    return dead || age != disk.age();
  }

  synchronized void step(Kind kind, Path path) throws IOException {
    if (isDead()) {
      throw new FileSystemException(path.toString(), null, "The process is dead");
    }
    Step step = new Step(kind, path.toString());
    if (kind.isChanging() && changes >= stopAt) {
      kill();
      throw new FileSystemException(path.toString(), null, "The process is dead");
    }
    if (failing.test(step)) {
      throw new FileSystemException(path.toString(), null, failure);
    }
    if (kind.isChanging()) {
      changes++;
      steps.add(step);
    }
  }

  /** The disk claims to be of another type. */
  public void pretend(String other) {
    type = other;
  }

  /** The process belongs to another user. */
  public void runAs(String other) {
    user = other;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic", "owner");
  }

  @Override
  public SimPath getPath(String first, String... more) {
    return SimPath.parse(this, String.join("/", first, String.join("/", more)));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
