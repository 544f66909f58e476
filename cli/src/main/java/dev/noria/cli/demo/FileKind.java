package dev.noria.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a file is: by its first bytes where they say it, else by its ending. */
final class FileKind {
  private static final Map<String, String> SIGNATURES = new LinkedHashMap<>();

  static {
    SIGNATURES.put("\u0089PNG", "PNG image");
    SIGNATURES.put("GIF8", "GIF image");
    SIGNATURES.put("\u00ff\u00d8\u00ff", "JPEG image");
    SIGNATURES.put("%PDF", "PDF document");
    SIGNATURES.put("PK\u0003\u0004", "ZIP archive");
    SIGNATURES.put("\u001f\u008b", "gzip archive");
    SIGNATURES.put("\u00ca\u00fe\u00ba\u00be", "Java class");
    SIGNATURES.put("\u007fELF", "ELF program");
    SIGNATURES.put("SQLite format 3", "SQLite database");
  }

  private FileKind() {}

  static String of(String path, byte[] head, boolean text) {
    String start = new String(head, StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
      if (start.startsWith(signature.getKey())) {
        return signature.getValue();
      }
    }
    if (head.length == 0) {
      return "empty";
    }
    if (start.startsWith("#!")) {
      return "script";
    }
    String ending = ending(path);
    return ending.isEmpty() ? (text ? "text" : "binary") : ending + (text ? " text" : " binary");
  }

  private static String ending(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    String ending = dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return ending.length() <= 12 && ending.chars().allMatch(Character::isLetterOrDigit)
        ? ending
        : "";
  }
}
