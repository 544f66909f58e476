package dev.noria.storage.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps files that can not be read, under one more name, and tells somebody. Thread-safe. */
final class Aside {
  private final Logger log = LoggerFactory.getLogger(FileStorage.class);
  private final Path folder;
  private final Disk disk;

  Aside(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /** Keeps {@code file} for people to look at. */
  void keep(Path file, String kind, Object why) {
    Path kept = folder.resolve(kind + "-" + file.getFileName());
    try {
      disk.link(kept, file);
      disk.syncFolder(folder);
      log.error("{} can not be used: {}. It is kept as {}", file, why, kept);
    } catch (FileAlreadyExistsException e) {
      log.debug("{} can not be used: {}. Known as {}", file, why, kept);
    } catch (IOException e) {
      log.error("{} can not be used: {}; nor kept: {}", file, why, e.toString());
    }
  }

  Logger log() {
    return log;
  }
}
