package dev.noria.tck;

import dev.noria.storage.ServerClock;

/** The server's own time (C8). */
abstract class C8ServerClockRules extends CapabilityRules<ServerClock> {
  C8ServerClockRules() {
    super(ServerClock.class);
  }
}
