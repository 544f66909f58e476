package dev.noria.middleware;

/** Where in the chain a middleware stands, outermost first. */
public enum Phase {
  /** Looks on: tracing, metrics. Sees rejections and retries too. */
  OBSERVE,
  /** Turns failures into retries. */
  RECOVER,
  /** Says who may pass: tenancy, limits, breakers. */
  ADMIT,
  /** Changes jobs on their way. */
  TRANSFORM,
  /** Next to the handler: transactions, timeouts. */
  INVOKE
}
