package dev.noria.storage.file;

import java.nio.file.Path;
import java.util.List;

/** Where the files of one namespace are. */
record Layout(Path folder) {

  /** Every folder that has to exist. */
  List<Path> folders() {
    return List.of(temp(), log(), content(), checkpoints(), corrupt(), owners());
  }

  /** Files that are being written; each name starts with that of its owner. */
  Path temp() {
    return folder.resolve("temp");
  }

  /** One folder for each stretch of the log that a process may still have to read. */
  Path log() {
    return folder.resolve("log");
  }

  /** Former folders of the log, of which only files with live content are left. */
  Path content() {
    return folder.resolve("content");
  }

  Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** What could not be read; never deleted. */
  Path corrupt() {
    return folder.resolve("corrupt");
  }

  /** One locked file for each open storage. */
  Path owners() {
    return folder.resolve("owners");
  }

  /** Names the format and the first folder of the log; made once. */
  Path format() {
    return folder.resolve("format");
  }
}
