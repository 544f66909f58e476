package dev.noria.plugin;

/**
 * The body of a loop. The kernel drives it by a thread in production and by hand under virtual
 * time; it never sleeps itself.
 */
@FunctionalInterface
public interface DutyCycle {

  /**
   * Does what there is to do now, and returns soon.
   *
   * @return when to come back: after that many milliseconds, 0 for at once
   * @throws Exception logged; the loop goes on after a back-off
   */
  long doWork() throws Exception;
}
