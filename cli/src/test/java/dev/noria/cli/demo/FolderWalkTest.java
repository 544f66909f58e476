package dev.noria.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWalkTest {
  @TempDir Path folder;

  private void file(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, path);
  }

  @Test
  void walk_strangeNames_allFoundSorted() throws IOException {
    file("b.txt");
    file("a/c d.txt");
    file("a/line\nbreak");
    file(".hidden/x");

    assertThat(FolderWalk.of(folder).files())
        .containsExactly(".hidden/x", "a/c d.txt", "a/line\nbreak", "b.txt");
    assertThat(FolderWalk.of(folder).leftOut()).isEmpty();
  }

  @Test
  void walk_buildFoldersAndOwnFiles_skipped() throws IOException {
    file("src/A.java");
    file("target/A.class");
    file("x/build/B.class");
    file(".git/HEAD");
    file("node_modules/m/i.js");
    file("noria-demo.db");
    file("noria-demo.db-owners/1");

    assertThat(FolderWalk.of(folder).files()).containsExactly("src/A.java");
  }

  @Test
  void walk_skippedNameAsRoot_walked() throws IOException {
    file("target/a");

    assertThat(FolderWalk.of(folder.resolve("target")).files()).containsExactly("a");
  }

  @Test
  void walk_links_notFollowed() throws IOException {
    file("real/a");
    Files.createSymbolicLink(folder.resolve("broken"), folder.resolve("nowhere"));
    Files.createSymbolicLink(folder.resolve("loop"), folder);

    assertThat(FolderWalk.of(folder).files()).containsExactly("real/a");
  }

  @Test
  void walk_pathTooLong_leftOutWithReason() throws IOException {
    String deep = ("d".repeat(200) + "/").repeat(6) + "file";
    file(deep);

    FolderWalk.Found found = FolderWalk.of(folder);

    assertThat(found.files()).isEmpty();
    assertThat(found.leftOut()).containsExactly(new Tally.Failed(deep, "its path is too long"));
  }
}
