package dev.noria.tck.fault;

/** What is called. */
public enum Operation {
  /** {@link dev.noria.storage.JobStorage#enqueue}. */
  ENQUEUE,
  /** {@link dev.noria.storage.JobStorage#exchange}, acks and dequeues alone included. */
  EXCHANGE,
  /** {@link dev.noria.storage.JobStorage#extend}. */
  EXTEND,
  /** {@link dev.noria.storage.JobStorage#maintain}. */
  MAINTAIN,
  /** {@link dev.noria.storage.JobStorage#find}. */
  FIND,
  /** Any method of any capability. */
  CAPABILITY
}
