package dev.noria.tck.history;

import java.util.List;

/**
 * One of the invariants of the storage contract.
 *
 * @param name its number
 * @param says what it demands, in one sentence
 * @param check looks for the contrary
 */
record Invariant(String name, String says, Check check) {
  static final List<Invariant> ALL =
      List.of(
          new Invariant("I1", "nothing acknowledged is lost", Existence::nothingLost),
          new Invariant("I2", "nothing appears that was not enqueued", Existence::nothingMadeUp),
          new Invariant(
              "I3", "at most one applied terminal transition per generation", Endings::once),
          new Invariant("I4", "no lease twice, epochs increase", Leases::numberedOnce),
          new Invariant(
              "I5", "no two executions overlap unless the older lease was lost", Leases::alone),
          new Invariant("I6", "a stale ack changes nothing", Fences::staleChangesNothing),
          new Invariant("I7", "only legal changes of state", Endings::legalEdges),
          new Invariant("I8", "never early", Timing::neverEarly),
          new Invariant("I9", "one entry of a key at any instant", Keys::oneHolder),
          new Invariant("I10", "one job per tick, none missing", Ticks::oneJobEach),
          new Invariant("I11", "nothing dequeued after pause returned", Timing::notWhilePaused),
          new Invariant("I12", "no inversion against the order of a line", Order::notInverted),
          new Invariant("I13", "at rest, counts and indexes equal a recount", AtRest::recount),
          new Invariant("I14", "nothing stuck after the last fault", AtRest::nothingStuck),
          new Invariant("I15", "queues, groups and namespaces never mix", Existence::notMixed),
          new Invariant("I16", "POISON only after crashes of started runs", Fences::truePoison));

  /** Looks for violations. */
  @FunctionalInterface
  interface Check {
    /** Tells {@code report} each fact and each finding. */
    void over(Index index, Report report);
  }
}
