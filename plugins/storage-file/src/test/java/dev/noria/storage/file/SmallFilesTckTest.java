package dev.noria.storage.file;

import org.junit.jupiter.api.Tag;

/** The contract with folders, checkpoints and a cache so small that each test meets their ends. */
@Tag("chaos")
class SmallFilesTckTest extends FileStorageTckTest {
  @Override
  FileOptions options() {
    return super.options().withFolderCommits(3).withCheckpointBytes(8_192).withCacheBytes(0);
  }
}
