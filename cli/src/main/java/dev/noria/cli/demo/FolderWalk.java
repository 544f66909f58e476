package dev.noria.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files below a folder, without what builds and version control leave there. */
final class FolderWalk extends SimpleFileVisitor<Path> {
  private static final Set<String> SKIPPED = Set.of(".git", "target", "node_modules", "build");

  /** A path travels in a header of its job. */
  private static final int LONGEST = 1_000;

  private final Path folder;
  private final List<String> files = new ArrayList<>();
  private final List<Tally.Failed> leftOut = new ArrayList<>();

  private FolderWalk(Path folder) {
    this.folder = folder;
  }

  /** What a walk found: files, sorted, and what can have no job; paths are relative. */
  record Found(List<String> files, List<Tally.Failed> leftOut) {}

  static Found of(Path folder) throws IOException {
    FolderWalk walk = new FolderWalk(folder);
    Path ignored = Files.walkFileTree(folder, walk);
    Collections.sort(walk.files);
    return new Found(walk.files, walk.leftOut);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
    Path name = dir.getFileName();
    boolean skip =
        !dir.equals(folder)
            && name != null
            && (SKIPPED.contains(name.toString()) || name.toString().startsWith("noria-demo"));
    return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    Path name = file.getFileName();
    boolean own = name != null && name.toString().startsWith("noria-demo");
    if (attributes.isRegularFile() && !own) {
      add(file);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException error) {
    leftOut.add(new Tally.Failed(relative(file), "cannot be entered"));
    return FileVisitResult.CONTINUE;
  }

  /** A folder that breaks off while it is listed does not end the walk. */
  @Override
  public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException error) {
    if (error != null) {
      leftOut.add(new Tally.Failed(relative(dir), "could not be listed to its end"));
    }
    return FileVisitResult.CONTINUE;
  }

  private void add(Path file) {
    String path = relative(file);
    if (path.length() > LONGEST) {
      leftOut.add(new Tally.Failed(path, "its path is too long"));
    } else if (!folder.resolve(path).equals(file)) {
      leftOut.add(new Tally.Failed(path, "its name is not in the encoding of this system"));
    } else {
      files.add(path);
    }
  }

  private String relative(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }
}
