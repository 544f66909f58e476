package dev.noria.cli.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileKindTest {

  @ParameterizedTest
  @CsvSource({
    "a/Main.java, class, true, java text",
    "a/Main.JAVA, class, true, java text",
    "README, hello, true, text",
    "core, hello, false, binary",
    "a.dat, hello, false, dat binary",
    ".gitignore, x, true, text",
    "dir.d/name, x, true, text",
    "what.ever-this-is, x, true, text",
    "run, #!/bin/sh, true, script",
    "photo.txt, \u0089PNG, false, PNG image",
    "doc, %PDF-1.7, true, PDF document",
    "lib.jar, 'PK\u0003\u0004', false, ZIP archive",
    "db, SQLite format 3, false, SQLite database",
  })
  void kind_bytesAndName_firstBytesWin(String path, String head, boolean text, String kind) {
    assertThat(FileKind.of(path, head.getBytes(ISO_8859_1), text)).isEqualTo(kind);
  }

  @Test
  void kind_noBytes_empty() {
    assertThat(FileKind.of("a.java", new byte[0], true)).isEqualTo("empty");
  }
}
