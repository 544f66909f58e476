package dev.noria.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of a longer list. A page may be short, even empty, and still not be the last. Immutable.
 *
 * @param <T> what is listed
 * @param items the entries, in order
 * @param next where the next page starts; null when this is the last
 */
public record Page<T>(List<T> items, @Nullable String next) {
  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }
}
