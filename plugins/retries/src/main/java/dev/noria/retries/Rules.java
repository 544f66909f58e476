package dev.noria.retries;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Finds the rule for an error. */
record Rules(Map<Class<? extends Throwable>, RetryRule> byClass) {
  /** Causes may form a ring. */
  private static final int DEEPEST = 32;

  RetryRule find(Throwable error) {
    if (byClass.isEmpty()) {
      return RetryRule.retry();
    }
    Throwable meant = error;
    for (int i = 0; i < DEEPEST && isWrapper(meant); i++) {
      Throwable cause = meant.getCause();
      if (cause == null || byClass.containsKey(meant.getClass())) {
        break;
      }
      meant = cause;
    }
    return mostSpecific(meant.getClass());
  }

  private RetryRule mostSpecific(Class<?> error) {
    for (@Nullable Class<?> type = error; type != null; type = type.getSuperclass()) {
      RetryRule rule = byClass.get(type);
      if (rule != null) {
        return rule;
      }
    }
    return RetryRule.retry();
  }

  private static boolean isWrapper(Throwable error) {
    return error instanceof CompletionException
        || error instanceof ExecutionException
        || error instanceof InvocationTargetException
        || error instanceof UndeclaredThrowableException;
  }
}
