package dev.noria.tck;

import dev.noria.storage.Transfer;

/** Export and restore (C9). */
abstract class C9TransferRules extends CapabilityRules<Transfer> {
  C9TransferRules() {
    super(Transfer.class);
  }
}
