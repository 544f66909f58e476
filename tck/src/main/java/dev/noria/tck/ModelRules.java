package dev.noria.tck;

import dev.noria.storage.Administration;
import dev.noria.tck.model.ModelCheck;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of calls, compared with the reference step by step. {@code -Dnoria.test.model}
 * says how many, {@code -Dnoria.test.seed} which is the first.
 */
abstract class ModelRules extends Rules {
  private static final int SEQUENCES = 15;

  @Test
  void model_randomSequencesAreAnsweredAsTheReferenceDoes() {
    // The sequences pause, cancel and set limits, on the reference too.
    rig().needs(Administration.class);
    long seed = Long.getLong("noria.test.seed", 1);
    int sequences = Integer.getInteger("noria.test.model", SEQUENCES);
    ModelCheck.run(rig().storage(), seed, sequences, rig().now());
  }
}
