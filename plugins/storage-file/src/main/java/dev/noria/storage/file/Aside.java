package dev.noria.storage.file;

import dev.noria.storage.SetAside;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps files that can not be read, under one more name, and tells somebody. Thread-safe. */
final class Aside {
  private static final int MOST_NAMES = 1_000;

  private final Logger log = LoggerFactory.getLogger(FileStorage.class);
  private final Path folder;
  private final Disk disk;
  private final Set<String> met = new HashSet<>();
  private final List<SetAside> untold = new ArrayList<>();

  Aside(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** Keeps {@code file} for people to look at; says whether it lies there now. */
  boolean keep(Path file, String kind, String why) {
    try {
      Path kept = link(file, kind + "-" + file.getFileName());
      tell(file, kept, why);
      return true;
    } catch (IOException e) {
      log.error("{} can not be used: {}; nor kept: {}", file, why, e.toString());
      tell(file, file, why);
      return false;
    }
  }

  /** The name of the file in the folder, which may have it since somebody else met it. */
  private Path link(Path file, String name) throws IOException {
    for (int number = 0; number < MOST_NAMES; number++) {
      Path kept = folder.resolve(number == 0 ? name : name + "." + number);
      try {
        disk.link(kept, file);
        disk.syncFolder(folder);
        return kept;
      } catch (FileAlreadyExistsException e) {
        // An earlier file of this name may have been another one.
        if (Files.isSameFile(kept, file)) {
          return kept;
        }
      }
    }
    throw new IOException("there are " + MOST_NAMES + " others of the name " + name);
  }

  private synchronized void tell(Path file, Path kept, String why) {
    if (met.add(kept.toString())) {
      log.error("{} can not be used: {}. It is kept as {}", file, why, kept);
      untold.add(new SetAside(file.toString(), kept.toString(), why));
    }
  }

  /** What was met since this was asked last. */
  synchronized List<SetAside> takeUntold() {
    List<SetAside> taken = List.copyOf(untold);
    untold.clear();
    return taken;
  }

  Logger log() {
    return log;
  }
}
