package dev.noria.wiring;

import dev.noria.plugin.ConfigurationException;
import dev.noria.plugin.ConfigurationException.Problem;
import jakarta.inject.Inject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * The constructor by which a class is made. Called by plain reflection, not by Guice: its generated
 * code needs internals of the JDK, and newer ones warn about that on stderr.
 *
 * @param constructor the one to call
 */
record Injection<T>(Constructor<T> constructor) {

  /** The constructor marked {@code @Inject}, or the only one. */
  static <T> Injection<T> of(Class<T> type) {
    if (type.isInterface()
        || Modifier.isAbstract(type.getModifiers())
        || type.isEnum()
        || isInner(type)) {
      throw unfit(type, "is abstract, an interface, an enum or an inner class that is not static");
    }
    List<Constructor<?>> marked = new ArrayList<>();
    List<Constructor<?>> all = List.of(type.getDeclaredConstructors());
    for (Constructor<?> constructor : all) {
      if (constructor.isAnnotationPresent(Inject.class)) {
        marked.add(constructor);
      }
    }
    List<Constructor<?>> candidates = marked.isEmpty() ? all : marked;
    if (candidates.size() != 1) {
      throw unfit(
          type,
          "has " + candidates.size() + (marked.isEmpty() ? "" : " @Inject") + " constructors");
    }
    return new Injection<>(open(type, candidates.get(0)));
  }

  private static boolean isInner(Class<?> type) {
    return (type.isMemberClass() || type.isLocalClass() || type.isAnonymousClass())
        && !Modifier.isStatic(type.getModifiers())
        && !type.isRecord();
  }

  @SuppressWarnings("unchecked") // its class's own constructor
  private static <T> Constructor<T> open(Class<T> type, Constructor<?> constructor) {
    try {
      constructor.setAccessible(true);
      return (Constructor<T>) constructor;
    } catch (InaccessibleObjectException | SecurityException e) {
      Problem problem =
          ProblemCode.NOT_INJECTABLE.problem(
              "The constructor of "
                  + type.getName()
                  + " is hidden in its module. Expected access."
                  + " Add 'opens "
                  + type.getPackageName()
                  + " to dev.noria.core' to the module,"
                  + " or make class and constructor public in an exported package.");
      throw new ConfigurationException(List.of(problem), e);
    }
  }

  /** What the constructor needs, in order. */
  List<Class<?>> needs() {
    return List.of(constructor.getParameterTypes());
  }

  T make(Object... services) {
    try {
      return constructor.newInstance(services);
    } catch (InvocationTargetException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (ReflectiveOperationException | LinkageError e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(Throwable cause) {
    if (cause instanceof VirtualMachineError error) {
      throw error;
    }
    Problem problem =
        ProblemCode.FAILED_CONSTRUCTOR.problem(
            "The constructor of "
                + constructor.getDeclaringClass().getName()
                + " threw "
                + cause
                + ". Expected an instance. The stack trace below says where to look.");
    return new ConfigurationException(List.of(problem), cause);
  }

  private static ConfigurationException unfit(Class<?> type, String why) {
    Problem problem =
        ProblemCode.NOT_INJECTABLE.problem(
            "The class "
                + type.getName()
                + " "
                + why
                + ". Expected a class with one constructor,"
                + " or with one marked @Inject. Change it, or pass an instance instead.");
    return new ConfigurationException(List.of(problem));
  }
}
