package dev.noria.engine;

import java.time.Instant;

/** What a job has while it is leased. */
final class Run {
  final String owner;
  final long nonce;
  final Instant startedAt;
  Instant expiresAt;
  boolean started;
  boolean abandoned;
  boolean cancelRequested;

  Run(String owner, long nonce, Instant startedAt, Instant expiresAt) {
    this.owner = owner;
    this.nonce = nonce;
    this.startedAt = startedAt;
    this.expiresAt = expiresAt;
  }
}
