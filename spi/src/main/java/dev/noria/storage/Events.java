package dev.noria.storage;

import dev.noria.job.JobId;
import dev.noria.job.JobState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bounded ordered stream of state changes, also across processes. Off until somebody turns it on
 * for the namespace. Thread-safe.
 */
public interface Events extends Capability {

  /** C6.1. Which changes are recorded. */
  enum Mode {
    /** None; costs nothing. */
    OFF,
    /** Only final states. */
    TERMINAL,
    /** Every change of state. */
    ALL
  }

  /** C6.1. What is recorded now. */
  Mode mode();

  /** C6.1. Changes what is recorded, for every process of the namespace. */
  void mode(Mode mode);

  /**
   * C6.2. Events after {@code cursor}, oldest first. At least the last 10 000 are kept.
   *
   * @param cursor what the last page said; null: from the oldest one kept
   * @param limit most events, 1 to 1000
   */
  EventPage read(@Nullable String cursor, int limit);

  /** C6.3. The cursor behind the newest event: read from here for what comes next. */
  String end();

  /**
   * A recorded change.
   *
   * @param sequence growing in the order of commits
   * @param id the job
   * @param queue its queue
   * @param type its type
   * @param from the state it left; null when it was enqueued
   * @param to the state it reached; null when it vanished
   * @param at when
   */
  record Event(
      long sequence,
      JobId id,
      String queue,
      String type,
      @Nullable JobState from,
      @Nullable JobState to,
      Instant at) {}

  /**
   * Some events.
   *
   * @param events oldest first
   * @param next the cursor behind the last of them, or the one given when there is none
   * @param gap whether events between the given cursor and the first one here are gone (C6.4)
   */
  record EventPage(List<Event> events, String next, boolean gap) {
    /** Copies the list. */
    public EventPage {
      events = List.copyOf(events);
    }
  }
}
