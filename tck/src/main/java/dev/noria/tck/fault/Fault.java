package dev.noria.tck.fault;

/** What happens to one call. */
public enum Fault {
  /** Nothing. */
  NONE,
  /** It does not happen, and the caller is told so. */
  REFUSED,
  /** It happens, but the caller is told that the outcome is unknown. */
  REPLY_LOST,
  /** It does not happen, but the caller is told that the outcome is unknown. */
  REQUEST_LOST,
  /** It does not happen: the storage fails as if it had a bug. */
  BUG
}
