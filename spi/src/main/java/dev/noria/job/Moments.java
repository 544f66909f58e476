package dev.noria.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the contract has them: milliseconds between 1970 and 2200 (S0.3). */
final class Moments {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  private Moments() {}

  /** Rounds up, so that nothing becomes due early. */
  static Instant roundUp(Instant instant) {
    if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
      throw new IllegalArgumentException(
          "The instant " + instant + " is out of range. Expected 1970 to 2200.");
    }
    Instant millis = instant.truncatedTo(ChronoUnit.MILLIS);
    return millis.equals(instant) ? millis : millis.plusMillis(1);
  }
}
