package dev.noria.storage.sqlite;

/** The bits of a job's {@code flags} column: what is stored beside its row, and small marks. */
final class Flags {
  static final long KEEP_COMPLETED = 1;
  static final long KEYED = 2;

  /** Somebody depends on it; named in {@code job.sql}. */
  static final long DEPENDED = 4;

  static final long DEPENDS = 8;
  static final long AWAITED = 16;

  /** Its lease is marked started; a new lease clears it ({@code dequeue.sql}). */
  static final long STARTED = 32;

  /** Its lease is marked abandoned; a new lease clears it ({@code dequeue.sql}). */
  static final long ABANDONED = 64;

  static final long CANCEL = 128;
  static final long FAILURES = 256;
  static final long NOTES = 512;
  static final long RESULT = 1024;
  static final long KEEP_FAILED = 2048;

  /** Somebody waits for its end although it was not enqueued as awaited. */
  static final long WATCHED = 4096;

  /** With none of these a completed job is one deleted row and nothing else. */
  static final long MORE_THAN_A_ROW =
      KEEP_COMPLETED | KEYED | DEPENDED | AWAITED | FAILURES | NOTES | RESULT | WATCHED;

  private Flags() {}
}
