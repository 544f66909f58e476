package dev.noria.testing;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** What {@link NoriaTest} does, for those who register extensions themselves. Thread-safe. */
public final class NoriaExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(NoriaExtension.class);

  /** For JUnit. */
  public NoriaExtension() {}

  /** Only where a test is about to run: a queue for a whole class would not be fresh. */
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestQueue.class
        && context.getTestMethod().isPresent();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(TestQueue.class, key -> TestQueue.create(), TestQueue.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    TestQueue queue = context.getStore(NAMESPACE).remove(TestQueue.class, TestQueue.class);
    if (queue != null) {
      queue.close();
    }
  }
}
