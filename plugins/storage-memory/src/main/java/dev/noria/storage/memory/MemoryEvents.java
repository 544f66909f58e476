package dev.noria.storage.memory;

import dev.noria.storage.Events;
import org.jspecify.annotations.Nullable;

/** The stream of state changes (C6). */
final class MemoryEvents implements Events {
  private final Gate gate;

  MemoryEvents(Gate gate) {
    this.gate = gate;
  }

  @Override
  public Mode mode() {
    return gate.read(world -> world.events.mode());
  }

  @Override
  public void mode(Mode mode) {
    gate.read(
        world -> {
          world.events.mode(mode);
          return mode;
        });
  }

  @Override
  public EventPage read(@Nullable String cursor, int limit) {
    Capabilities.checkLimit(limit);
    return gate.read(world -> world.events.read(cursor, limit));
  }

  @Override
  public String end() {
    return gate.read(world -> world.events.end());
  }
}
