package dev.noria.storage;

/** What an acknowledged call survives (S0.5), weakest first. */
public enum Durability {
  /** Nothing: it is in the heap. */
  VOLATILE,
  /** Death of every one of our processes, kill -9 included. */
  PROCESS,
  /** Loss of power on the storage's host. */
  HOST,
  /** Loss of that host. */
  REPLICA
}
