package dev.noria.verification;

import dev.noria.job.Outcome;
import dev.noria.middleware.Middleware;
import dev.noria.middleware.ProcessChain;
import dev.noria.tck.history.Entry;
import dev.noria.tck.history.History;

/** Tells a history when handlers run. */
record Narrator(History history) implements Middleware {
  @Override
  public Outcome process(ProcessChain chain) {
    Entry.LeaseRef lease = Entry.LeaseRef.of(chain.job().lease());
    history.add(new Entry.HandlerStarted(lease));
    try {
      return chain.proceed();
    } finally {
      history.add(new Entry.HandlerEnded(lease));
    }
  }
}
