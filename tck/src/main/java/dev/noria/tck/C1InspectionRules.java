package dev.noria.tck;

import dev.noria.storage.Inspection;

/** Looking at what is stored (C1). */
abstract class C1InspectionRules extends CapabilityRules<Inspection> {
  C1InspectionRules() {
    super(Inspection.class);
  }
}
