package dev.noria.storage;

import java.time.Instant;

/** The storage server's own clock, by which all nodes can agree. Thread-safe. */
public interface ServerClock extends Capability {

  /** C8.1. The server's time, asked for now. */
  Instant serverTime();
}
