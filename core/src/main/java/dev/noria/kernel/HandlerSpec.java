package dev.noria.kernel;

import dev.noria.job.CallHandler;
import dev.noria.job.CallType;
import dev.noria.job.JobHandler;
import dev.noria.job.JobKind;
import dev.noria.job.JobType;
import dev.noria.wiring.Wiring;
import org.jspecify.annotations.Nullable;

/**
 * A handler as the user named it: an object, or a class that is made when the queue opens.
 *
 * @param kind the type whose jobs it runs
 * @param handler the object; null for a class
 * @param type the class; null for an object
 */
public record HandlerSpec(JobKind<?> kind, @Nullable Object handler, @Nullable Class<?> type) {

  void expect(Wiring wiring) {
    if (type != null) {
      wiring.expect(type);
    }
  }

  Handling make(Wiring wiring) {
    Object made = handler;
    if (made == null && type != null) {
      made = wiring.create(type);
    }
    if (kind instanceof JobType && made instanceof JobHandler<?> plain) {
      @SuppressWarnings("unchecked") // The payload is decoded as the kind's class.
      JobHandler<Object> typed = (JobHandler<Object>) plain;
      return new Handling(kind, withoutResult(typed), false);
    }
    if (kind instanceof CallType && made instanceof CallHandler<?, ?> call) {
      @SuppressWarnings("unchecked") // The payload is decoded as the kind's class.
      CallHandler<Object, Object> typed = (CallHandler<Object, Object>) call;
      return new Handling(kind, typed, true);
    }
    throw new IllegalStateException("The handler of " + kind.name() + " does not fit its kind.");
  }

  private static CallHandler<Object, Object> withoutResult(JobHandler<Object> handler) {
    return (payload, job) -> {
      handler.handle(payload, job);
      return true;
    };
  }
}
