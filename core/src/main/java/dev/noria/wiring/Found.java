package dev.noria.wiring;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The providers of one kind that the class path has.
 *
 * @param providers those that could be made
 * @param broken what was wrong with the others
 */
record Found<P>(List<P> providers, List<ServiceConfigurationError> broken) {
  /** A service file could be so broken that the iterator never ends. */
  private static final int MOST_BROKEN = 100;

  /** Looks for providers; one that can not be loaded does not hide the others. */
  static <P> Found<P> by(ServiceLoader<P> services) {
    List<P> providers = new ArrayList<>();
    List<ServiceConfigurationError> broken = new ArrayList<>();
    Iterator<P> iterator = services.iterator();
    boolean more = true;
    while (more && broken.size() < MOST_BROKEN) {
      try {
        more = iterator.hasNext();
        if (more) {
          providers.add(iterator.next());
        }
      } catch (ServiceConfigurationError e) {
        broken.add(e);
      } catch (LinkageError e) {
        // A class that its service needs is absent, and this JDK did not wrap it.
        broken.add(new ServiceConfigurationError(e.toString(), e));
      }
    }
    return new Found<>(List.copyOf(providers), List.copyOf(broken));
  }

  /** Whether the class of that name was found, or was tried in vain. */
  boolean hasSeen(String className) {
    return providers.stream().anyMatch(p -> p.getClass().getName().equals(className))
        || broken.stream().anyMatch(e -> String.valueOf(e.getMessage()).contains(className));
  }

  /** The words of an error with those of its causes: the first alone rarely says why. */
  static String words(Throwable error) {
    StringBuilder text = new StringBuilder(String.valueOf(error.getMessage()));
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      text.append(": ").append(cause);
    }
    return text.toString();
  }
}
