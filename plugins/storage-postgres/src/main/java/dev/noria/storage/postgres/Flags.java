package dev.noria.storage.postgres;

/** The bits of a job's {@code flags} column: what is stored beside its row, and small marks. */
final class Flags {
  static final int KEEP_COMPLETED = 1;
  static final int KEYED = 2;

  /** Somebody depends on it. */
  static final int DEPENDED = 4;

  static final int DEPENDS = 8;
  static final int AWAITED = 16;

  /** Its lease is marked started; a new lease clears it. */
  static final int STARTED = 32;

  /** Its lease is marked abandoned; a new lease clears it. */
  static final int ABANDONED = 64;

  static final int CANCEL = 128;
  static final int FAILURES = 256;
  static final int NOTES = 512;
  static final int RESULT = 1024;
  static final int KEEP_FAILED = 2048;

  /** Somebody waits for its end although it was not enqueued as awaited. */
  static final int WATCHED = 4096;

  /** With none of these a completed job is one deleted row and nothing else. */
  static final int MORE_THAN_A_ROW =
      KEEP_COMPLETED | KEYED | DEPENDED | AWAITED | FAILURES | NOTES | RESULT | WATCHED;

  private Flags() {}
}
