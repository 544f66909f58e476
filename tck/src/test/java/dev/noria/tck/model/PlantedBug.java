package dev.noria.tck.model;

/** A storage that is the reference but for one decision. */
interface PlantedBug {

  /** What it does wrong, in words. */
  String name();

  /** The rule that this breaks, as test names begin: {@code s2_3}. */
  String rule();

  /** The decisions with the wrong one among them; new ones for each place. */
  Decisions decisions();
}
