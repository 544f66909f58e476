package dev.noria.tck;

import dev.noria.storage.Signals;

/** Hints that something happened (C5). */
abstract class C5SignalsRules extends CapabilityRules<Signals> {
  C5SignalsRules() {
    super(Signals.class);
  }
}
