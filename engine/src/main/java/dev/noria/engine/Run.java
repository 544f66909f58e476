package dev.noria.engine;

import org.jspecify.annotations.Nullable;

/** What a job has since it was leased for the first time. */
final class Run {
  long epoch;
  int attempt;
  int crashes;
  int generation;
  @Nullable String reason;

  /** Whether it is leased now; else the rest means nothing. */
  boolean leased;

  String owner = "";
  long nonce;
  long startedAt;
  long expiresAt;
  boolean started;
  boolean abandoned;
  boolean cancelRequested;

  /** Orders leases that expire at one instant. */
  long stamp;

  /** Begins a lease. */
  void lease(String by, long withNonce, long now, long until) {
    leased = true;
    owner = by;
    nonce = withNonce;
    startedAt = now;
    expiresAt = until;
    started = false;
    abandoned = false;
    cancelRequested = false;
  }

  /** Ends the lease. */
  void end() {
    leased = false;
    owner = "";
  }

  void write(Out out) {
    out.number(epoch);
    out.number(attempt);
    out.number(crashes);
    out.number(generation);
    out.optional(reason, out::name);
    out.flag(leased);
    if (leased) {
      out.name(owner);
      out.fixed(nonce);
      out.number(startedAt);
      out.number(expiresAt);
      out.bits((started ? 1 : 0) | (abandoned ? 2 : 0) | (cancelRequested ? 4 : 0));
      out.number(stamp);
    }
  }

  static Run read(In in) {
    Run run = new Run();
    run.epoch = in.number();
    run.attempt = in.integer();
    run.crashes = in.integer();
    run.generation = in.integer();
    run.reason = in.optional(in::name);
    run.leased = in.flag();
    if (run.leased) {
      run.owner = in.name();
      run.nonce = in.fixed();
      run.startedAt = in.number();
      run.expiresAt = in.number();
      int flags = in.bits();
      run.started = (flags & 1) != 0;
      run.abandoned = (flags & 2) != 0;
      run.cancelRequested = (flags & 4) != 0;
      run.stamp = in.number();
    }
    return run;
  }
}
