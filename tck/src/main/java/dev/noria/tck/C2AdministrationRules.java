package dev.noria.tck;

import dev.noria.storage.Administration;

/** Changing what is stored (C2). */
abstract class C2AdministrationRules extends CapabilityRules<Administration> {
  C2AdministrationRules() {
    super(Administration.class);
  }
}
