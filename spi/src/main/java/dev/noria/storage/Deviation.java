package dev.noria.storage;

/**
 * The named exceptions that a storage may take from a rule, because its medium cannot do better
 * (S0.1). A storage lists them in {@link StorageInfo}; the test kit shows that a listed one occurs
 * and that no other does.
 */
public enum Deviation {
  /** S2.3: jobs that a caller got but did not ask for may be overtaken while they go back. */
  RETURNED_JOBS_MAY_BE_OVERTAKEN,
  /** S0.1: jobs that only share a batch, not a call, may become visible one after the other. */
  SHARED_BATCH_VISIBLE_IN_PARTS
}
