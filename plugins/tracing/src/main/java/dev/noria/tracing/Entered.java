package dev.noria.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.function.Supplier;

/** A span that is the current one of this thread until it is left. For one thread. */
final class Entered {
  private final Span span;
  private final Context before = Context.current();
  private final Scope scope;

  /** Enters; the span ends if that fails. {@link #leave} closes the scope. */
  @SuppressWarnings("MustBeClosed")
  Entered(Span span, Context context) {
    this.span = span;
    try {
      scope = context.makeCurrent();
    } catch (Throwable e) {
      span.end();
      throw e;
    }
  }

  /** Goes on with what needs the span; leaves when that fails. */
  <T> T then(Supplier<T> step) {
    try {
      return step.get();
    } catch (Throwable e) {
      leave();
      throw e;
    }
  }

  Span span() {
    return span;
  }

  /** Restores what was current, and ends the span whatever happens. */
  void leave() {
    try {
      scope.close();
      restore();
    } finally {
      span.end();
    }
  }

  /**
   * A handler that entered a scope and did not close it leaves its context on a thread that other
   * jobs will use: it is covered by the one from before, which nothing closes.
   */
  @SuppressWarnings("MustBeClosed")
  private void restore() {
    if (Context.current() != before) {
      Scope ignored = before.makeCurrent();
    }
  }
}
