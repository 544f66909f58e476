package dev.noria.engine;

import dev.noria.storage.Events;
import org.jspecify.annotations.Nullable;

/** The stream of state changes (C6). */
final class EngineEvents implements Events {
  private final Replica replica;

  EngineEvents(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Mode mode() {
    return replica.read(world -> world.events.mode());
  }

  @Override
  public void mode(Mode mode) {
    replica.read(
        world -> {
          world.events.mode(mode);
          return mode;
        });
  }

  @Override
  public EventPage read(@Nullable String cursor, int limit) {
    Capabilities.checkLimit(limit);
    return replica.read(world -> world.events.read(cursor, limit));
  }

  @Override
  public String end() {
    return replica.read(world -> world.events.end());
  }
}
