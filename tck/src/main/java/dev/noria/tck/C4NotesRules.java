package dev.noria.tck;

import dev.noria.storage.Notes;

/** Progress, log and steps (C4). */
abstract class C4NotesRules extends CapabilityRules<Notes> {
  C4NotesRules() {
    super(Notes.class);
  }
}
