package dev.noria.storage.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements of one namespace, read from {@code sql/*.sql}. Immutable. */
final class Sql {
  static final List<String> FILES = List.of("session", "job", "queue", "key", "side");
  private static final String HEADER = "--! name:";

  private final String namespace;
  private final Map<String, String> texts = new HashMap<>();

  Sql(String namespace) {
    this.namespace = namespace;
    FILES.forEach(this::load);
  }

  private void load(String file) {
    for (String part : resource(file + ".sql").split(HEADER, -1)) {
      if (!part.isBlank()) {
        int line = part.indexOf('\n');
        String name = part.substring(0, line).strip();
        if (texts.put(name, part.substring(line + 1).strip()) != null) {
          throw new IllegalStateException("The statement " + name + " exists twice.");
        }
      }
    }
  }

  /** The statement of that name. */
  String text(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new IllegalStateException("There is no statement named " + name + ".");
    }
    return text;
  }

  Map<String, String> all() {
    return Map.copyOf(texts);
  }

  /** The text of one migration. */
  String migration(String file) {
    return resource("migration/" + file + ".sql");
  }

  private String resource(String name) {
    try (InputStream in = Sql.class.getResourceAsStream("sql/" + name)) {
      if (in == null) {
        throw new IllegalStateException("The resource sql/" + name + " is not in the jar.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("{ns}", namespace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
