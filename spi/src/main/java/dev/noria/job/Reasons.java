package dev.noria.job;

/**
 * The words that stand in {@link JobStatus#reason()} when the storage or the kernel ended or
 * released a job. A released or cancelled job may carry any other words.
 */
public final class Reasons {
  /** DEAD: an attempt failed and nothing retries it any more. */
  public static final String FAILED = "FAILED";

  /** DEAD: its deadline passed before it was started. */
  public static final String EXPIRED = "EXPIRED";

  /** DEAD: its stored form can not be read; the bytes are kept. */
  public static final String CORRUPT = "CORRUPT";

  /** DEAD: its runs kept killing the process. */
  public static final String POISON = "POISON";

  /** DEAD: its lease expired during its last attempt. */
  public static final String ATTEMPTS = "ATTEMPTS";

  /** Waits again, or DEAD: its handler ignored its timeout until the lease expired. */
  public static final String ABANDONED = "ABANDONED";

  /** CANCELLED: a job that it depends on ended DEAD or CANCELLED. */
  public static final String DEPENDENCY = "DEPENDENCY";

  /** CANCELLED: somebody asked for it. */
  public static final String CANCELLED = "CANCELLED";

  /** Released: no handler is registered here for its type. */
  public static final String UNKNOWN_TYPE = "unknown type";

  /** Released: its handler asked for a later instant. */
  public static final String SNOOZED = "snoozed";

  private Reasons() {}
}
