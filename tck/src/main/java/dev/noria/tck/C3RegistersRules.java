package dev.noria.tck;

import dev.noria.storage.Registers;

/** Small versioned entries (C3). */
abstract class C3RegistersRules extends CapabilityRules<Registers> {
  C3RegistersRules() {
    super(Registers.class);
  }
}
