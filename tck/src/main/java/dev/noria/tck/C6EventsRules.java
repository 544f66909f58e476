package dev.noria.tck;

import dev.noria.storage.Events;

/** The stream of state changes (C6). */
abstract class C6EventsRules extends CapabilityRules<Events> {
  C6EventsRules() {
    super(Events.class);
  }
}
