package dev.noria.tck;

import dev.noria.storage.Capability;
import org.junit.jupiter.api.BeforeEach;

/** The section of one capability: skipped, and reported so, where it is not declared. */
abstract class CapabilityRules<T extends Capability> extends Rules {
  private final Class<T> type;

  CapabilityRules(Class<T> type) {
    this.type = type;
  }

  @BeforeEach
  final void skipUnlessDeclared() {
    rig().needs(type);
  }

  /** The capability of the rig's storage. */
  final T capability() {
    return rig().capability(type);
  }
}
