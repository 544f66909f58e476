package dev.noria.engine;

import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Entries by an instant. Jobs of one call share their instant, so a whole batch is one chain. */
final class TimedChains {
  private final TreeMap<Long, Chain> chains = new TreeMap<>();
  private @Nullable Chain latest;

  void add(Entry entry, long at) {
    Chain chain = latest;
    if (chain == null || chain.at != at) {
      chain = chains.computeIfAbsent(at, Chain::new);
      latest = chain;
    }
    chain.append(entry);
  }

  void remove(Entry entry) {
    Chain chain = entry.chain;
    if (chain == null) {
      return;
    }
    chain.remove(entry);
    if (chain.isEmpty()) {
      chains.remove(chain.at);
      if (chain == latest) {
        latest = null;
      }
    }
  }

  /** Whether {@code entry} is here, under {@code at}. */
  boolean contains(Entry entry, long at) {
    Chain chain = entry.chain;
    return chain != null && chain.at == at && chain == chains.get(at);
  }

  /** The first entry whose instant is not after {@code now}. */
  @Nullable Entry firstUntil(long now) {
    if (chains.isEmpty() || chains.firstKey() > now) {
      return null;
    }
    return chains.firstEntry().getValue().first;
  }

  /** All entries, by instant. */
  void forEach(Consumer<Entry> each) {
    for (Chain chain : chains.values()) {
      for (Entry entry = chain.first; entry != null; entry = entry.next) {
        each.accept(entry);
      }
    }
  }
}
