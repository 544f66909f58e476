package dev.noria.plugin;

import dev.noria.job.Bytes;
import dev.noria.job.JobId;

/**
 * A step between codec and storage: encryption, compression, upgrading of old forms. Applied to
 * payload, result, step, note and error text, on write and on every read; stages run in the order
 * of installation when writing and in reverse when reading. Where there are stages, the {@link
 * dev.noria.storage.Notes} that plugins get apply them, too. Must be thread-safe.
 */
public interface PayloadStage {

  /** Changes what is about to be stored. */
  Bytes write(Bytes content, Context context);

  /** Undoes {@link #write}; must also accept content that it never wrote, from before its time. */
  Bytes read(Bytes content, Context context);

  /** What a content is. */
  enum Content {
    /** The payload. */
    PAYLOAD,
    /** The result. */
    RESULT,
    /** The result of a step. */
    STEP,
    /** Progress message or log line. */
    NOTE,
    /** Message and stack of an error. */
    ERROR
  }

  /**
   * Whose content it is.
   *
   * @param id the job
   * @param queue its queue
   * @param type its type
   * @param content which part of it
   */
  record Context(JobId id, String queue, String type, Content content) {}
}
