package dev.noria.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Reads one file once and counts while it reads. */
final class FileReading {
  private static final int CHUNK = 64 * 1024;

  private final MessageDigest digest = sha256();
  private long bytes;
  private long lines;
  private long words;
  private boolean inWord;
  private boolean text = true;
  private byte last = '\n';
  private byte[] head = new byte[0];

  private FileReading() {}

  static FileFacts of(Path folder, String path) throws IOException {
    Path file = folder.resolve(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(path, null, "not a regular file any more");
    }
    FileReading reading = new FileReading();
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] buffer = new byte[CHUNK];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        reading.add(buffer, n);
      }
    }
    return reading.facts(path);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }

  private void add(byte[] buffer, int length) {
    if (head.length == 0) {
      head = Arrays.copyOf(buffer, Math.min(length, 16));
    }
    digest.update(buffer, 0, length);
    bytes += length;
    for (int i = 0; i < length; i++) {
      count(buffer[i]);
    }
  }

  private void count(byte b) {
    text &= b != 0;
    if (b == '\n') {
      lines++;
    }
    boolean space = b == ' ' || (b >= '\t' && b <= '\r');
    if (!space && !inWord) {
      words++;
    }
    inWord = !space;
    last = b;
  }

  private FileFacts facts(String path) {
    long allLines = last == '\n' ? lines : lines + 1;
    String kind = FileKind.of(path, head, text);
    String hash = HexFormat.of().formatHex(digest.digest());
    return text
        ? new FileFacts(path, kind, bytes, allLines, words, hash)
        : new FileFacts(path, kind, bytes, 0, 0, hash);
  }
}
