package dev.noria.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReadingTest {
  @TempDir Path folder;

  private FileFacts read(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
    return FileReading.of(folder, name);
  }

  @Test
  void text_knownContent_knownHashLinesAndWords() throws IOException {
    FileFacts facts = read("abc.txt", "abc".getBytes(UTF_8));

    assertThat(facts)
        .isEqualTo(
            new FileFacts(
                "abc.txt",
                "txt text",
                3,
                1,
                1,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void text_noBytes_nothingCounted() throws IOException {
    FileFacts facts = read("a b.txt", new byte[0]);

    assertThat(facts.kind()).isEqualTo("empty");
    assertThat(facts.lines()).isZero();
    assertThat(facts.words()).isZero();
    assertThat(facts.sha256())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void text_mixedSpaces_wordsAsWcCountsThem() throws IOException {
    FileFacts facts = read("ü.txt", "  one\ttwo\r\n\nthree  four\n five".getBytes(UTF_8));

    assertThat(facts.words()).isEqualTo(5);
    assertThat(facts.lines()).isEqualTo(4);
  }

  @Test
  void text_wordAcrossBufferEnd_countedOnce() throws IOException {
    byte[] content = ("x".repeat(64 * 1024 + 5) + " y\n").getBytes(UTF_8);

    FileFacts facts = read("long.txt", content);

    assertThat(facts.words()).isEqualTo(2);
    assertThat(facts.bytes()).isEqualTo(content.length);
  }

  @Test
  void binary_zeroByte_noLinesAndWords() throws IOException {
    FileFacts facts = read("a.bin", new byte[] {'a', '\n', 0, 'b'});

    assertThat(facts.kind()).isEqualTo("bin binary");
    assertThat(facts.lines()).isZero();
    assertThat(facts.words()).isZero();
    assertThat(facts.bytes()).isEqualTo(4);
  }

  @Test
  void missing_fileGone_fails() {
    assertThatThrownBy(() -> FileReading.of(folder, "gone"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void replaced_folderOrLinkInstead_fails() throws IOException {
    Files.createDirectory(folder.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("folder"));

    assertThatThrownBy(() -> FileReading.of(folder, "folder"))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> FileReading.of(folder, "link"))
        .isInstanceOf(NoSuchFileException.class);
  }
}
