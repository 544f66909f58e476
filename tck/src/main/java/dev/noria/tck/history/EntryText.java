package dev.noria.tck.history;

import dev.noria.job.JobId;
import dev.noria.storage.CallId;
import dev.noria.tck.history.Entry.LeaseRef;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries as lines of text: the name of the record and its components, between tabs. */
final class EntryText {
  private static final String NONE = "\\0";
  private static final Map<String, Form> FORMS = forms();

  private EntryText() {}

  /** How one kind of entry is taken apart and put together. */
  private record Form(List<RecordComponent> components, Constructor<?> constructor) {}

  private static Map<String, Form> forms() {
    Map<String, Form> forms = new HashMap<>();
    for (Class<?> type : Entry.class.getPermittedSubclasses()) {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = components[i].getType();
      }
      try {
        forms.put(
            type.getSimpleName(),
            new Form(List.of(components), type.getDeclaredConstructor(types)));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("Record " + type + " has no canonical constructor.", e);
      }
    }
    return forms;
  }

  static String write(Entry entry) {
    String name = entry.getClass().getSimpleName();
    StringBuilder line = new StringBuilder(name);
    for (RecordComponent component : form(name).components) {
      try {
        line.append('\t').append(writeValue(component.getAccessor().invoke(entry)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Cannot read " + component + " of " + name + ".", e);
      }
    }
    return line.toString();
  }

  static Entry read(String text) {
    String[] words = text.split("\t", -1);
    Form form = form(words[0]);
    if (words.length != form.components.size() + 1) {
      throw new IllegalArgumentException(
          "An entry "
              + words[0]
              + " has "
              + words.length
              + " words. Expected "
              + (form.components.size() + 1)
              + ".");
    }
    @Nullable Object[] values = new Object[words.length - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = readValue(form.components.get(i).getGenericType(), words[i + 1]);
    }
    try {
      return (Entry) form.constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("Cannot make an entry of '" + text + "'.", e);
    }
  }

  private static Form form(String name) {
    Form form = FORMS.get(name);
    if (form == null) {
      throw new IllegalArgumentException(
          "'" + name + "' is no kind of entry. Expected one of " + FORMS.keySet() + ".");
    }
    return form;
  }

  private static String writeValue(@Nullable Object value) {
    if (value == null) {
      return NONE;
    }
    if (value instanceof List<?> list) {
      StringBuilder text = new StringBuilder();
      for (Object item : list) {
        text.append(writeValue(item)).append(',');
      }
      return text.toString();
    }
    if (value instanceof CallId call) {
      return call.client() + ":" + call.sequence();
    }
    if (value instanceof LeaseRef lease) {
      return lease.job() + ":" + lease.epoch() + ":" + lease.nonce();
    }
    if (value instanceof Instant instant) {
      return Long.toString(instant.toEpochMilli());
    }
    if (value instanceof Duration duration) {
      return Long.toString(duration.toMillis());
    }
    return escape(value instanceof Enum<?> word ? word.name() : value.toString());
  }

  private static @Nullable Object readValue(Type type, String text) {
    if (text.equals(NONE)) {
      return null;
    }
    if (type instanceof ParameterizedType list) {
      List<@Nullable Object> items = new ArrayList<>();
      for (String item : text.isEmpty() ? new String[0] : text.split(",")) {
        items.add(readValue(list.getActualTypeArguments()[0], item));
      }
      return items;
    }
    return readPlain((Class<?>) type, text);
  }

  private static Object readPlain(Class<?> type, String text) {
    if (type == String.class) {
      return unescape(text);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(text);
    }
    if (type == int.class) {
      return Integer.valueOf(text);
    }
    if (type == long.class) {
      return Long.valueOf(text);
    }
    if (type == JobId.class) {
      return JobId.parse(text);
    }
    if (type == Instant.class) {
      return Instant.ofEpochMilli(Long.parseLong(text));
    }
    if (type == Duration.class) {
      return Duration.ofMillis(Long.parseLong(text));
    }
    if (type.isEnum()) {
      return constant(type, text);
    }
    return readNumbered(type, text.split(":"));
  }

  private static Object readNumbered(Class<?> type, String[] words) {
    if (type == CallId.class) {
      return new CallId(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }
    if (type == LeaseRef.class) {
      return new LeaseRef(
          JobId.parse(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
    throw new IllegalStateException("Entries with a component of " + type + " have no text.");
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("'" + name + "' is not a " + type.getSimpleName() + ".");
  }

  static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace(",", "\\c");
  }

  static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain.append(c == '\\' ? escaped(text.charAt(++i)) : c);
    }
    return plain.toString();
  }

  private static char escaped(char letter) {
    return switch (letter) {
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 'c' -> ',';
      default -> letter;
    };
  }
}
