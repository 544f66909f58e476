package dev.noria.tck;

/** A section of the suite. Each test has a rig of its own over a fresh place. */
abstract class Rules {

  /** The rig of the running test. */
  abstract Rig rig();
}
