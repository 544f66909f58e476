package dev.noria.storage.file;

/** The contract with folders, checkpoints and a cache so small that each test meets their ends. */
class SmallFilesTckTest extends FileStorageTckTest {
  @Override
  FileOptions options() {
    return super.options().withFolderCommits(3).withCheckpointBytes(8_192).withCacheBytes(0);
  }
}
