package dev.noria.engine;

import dev.noria.storage.Events;
import org.jspecify.annotations.Nullable;

/** The stream of state changes (C6). */
final class EngineEvents implements Events {
  private final Access access;

  EngineEvents(Access access) {
    this.access = access;
  }

  @Override
  public Mode mode() {
    return access.read(world -> world.events.mode());
  }

  @Override
  public void mode(Mode mode) {
    access.commit(new QueueCommands.Recording(mode));
  }

  @Override
  public EventPage read(@Nullable String cursor, int limit) {
    Capabilities.checkLimit(limit);
    return access.read(world -> world.events.read(cursor, limit));
  }

  @Override
  public String end() {
    return access.read(world -> world.events.end());
  }
}
